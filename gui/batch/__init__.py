"""Every sentence of a list into figures and one table: a folder that can be stopped and gone on with."""

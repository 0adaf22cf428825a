"""Two sides asked and awaited: A leads, each is asked only for what it lacks."""

from __future__ import annotations

from dataclasses import replace

from engine.contract import Against, Failure, FailureKind, Head, Progress
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.shown import Activity
from gui.state import AppState, Compared, ComparedAs, Grouping, Hover, Place, pinned
from tests.gui import samples
from tests.gui.two_sides import STATE, Table, reply


def test_pinning_costs_nothing_and_shows_both_at_once() -> None:
    table = Table().pinned()
    assert table.shown.first is table.shown.explanation
    table.assert_both_stand()


def test_typing_in_b_asks_only_b_for_what_is_predicted_for_a() -> None:
    table = Table().pinned()
    table.controller.text_edited("A bad film.")
    assert table.shown.stale
    assert not table.shown.first_stale
    (request,) = table.settle()
    assert (request.text, request.target, request.against) == ("A bad film.", 1, 0), "not what is predicted for B"
    assert table.texts() == ("A film.", "A bad film.")
    table.assert_both_stand()


def test_typing_in_a_asks_b_again_only_where_the_answer_changed() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("A good film.")
    assert table.shown.first_stale
    assert not table.shown.stale, "B stands for what is explained until A says otherwise"
    (request,) = table.settle()
    assert (request.text, request.target) == ("A good film.", None)
    table.assert_both_stand()
    table.controller.first_text_edited("A bad film.")
    first, second = table.settle()
    assert (first.text, first.target) == ("A bad film.", None)
    assert (second.text, second.target, second.against) == ("A film.", 0, 1)
    assert table.texts() == ("A bad film.", "A film.")
    table.assert_both_stand()


def test_a_chosen_answer_is_explained_for_both_and_asked_for_as_it_was_chosen() -> None:
    table = Table().pinned()
    table.controller.text_edited("A bad film.")
    table.settle()
    table.controller.target_chosen("negative", "positive")
    assert [(request.text, request.target, request.against) for request in table.settle()] == [
        ("A film.", "negative", "positive"),
        ("A bad film.", "negative", "positive"),
    ]
    table.controller.target_chosen(1, Against.NOTHING)
    assert [(request.target, request.against) for request in table.settle()] == [(1, Against.NOTHING)] * 2
    table.assert_both_stand()


def test_an_answer_alone_is_against_nothing_for_b_too() -> None:
    table = Table()
    table.controller.start()
    table.settle(against=-1)
    table.controller.compare_toggled()
    table.controller.text_edited("A bad film.")
    assert [request.against for request in table.settle()] == [Against.NOTHING]


def test_another_rival_alone_is_a_question_for_both() -> None:
    table = Table().pinned()
    table.controller.target_chosen(1, 0)
    table.settle()
    table.controller.target_chosen(1, Against.NOTHING)
    table.controller.text_edited("A film too.")
    assert [request.against for request in table.settle()] == [Against.NOTHING] * 2
    table.controller.target_chosen(1, 0)
    assert [(request.text, request.against) for request in table.settle()] == [("A film.", 0), ("A film too.", 0)]
    table.assert_both_stand()


def test_another_answer_alone_is_a_question_for_b() -> None:
    table = Table()
    table.controller.start()
    table.settle(against=-1)
    table.controller.compare_toggled()
    table.controller.first_text_edited("A bad film.")
    first, second = table.settle(against=-1)
    assert (first.target, second.target) == (None, 0)


def test_maps_of_all_layers_are_for_the_desk_alone() -> None:
    table = Table()
    table.controller.view_chosen("overview")
    table.controller.start()
    table.answer()
    table.controller.compare_toggled()
    table.controller.text_edited("B film.")
    table.settle()
    assert {len(request.feed_forward_layers) for request in table.bridge.requests} <= {0, 1}
    table.assert_both_stand()


def test_another_model_reads_no_place_of_the_old_one_on_either_side() -> None:
    state = AppState(text="the keys are here", place=Place(9, 3))
    table = Table(replace(state, comparison=pinned(state)))
    table.controller.model_chosen("names")
    assert table.shown.state.comparison is not None
    assert (table.shown.state.place, table.shown.state.comparison.place) == (None, None)


def test_looks_into_both_sides_follow_both_answers() -> None:
    table = Table()
    table.controller.start()
    table.answer()
    table.settle()
    table.controller.compare_toggled()
    table.controller.text_edited("B film.")
    table.controller.first_text_edited("C film.")
    table.pause.end()
    kinds = []
    while table.asked:
        request = table.answer()
        kinds.append((request.text[0], request.feed_forward_layers))
    assert kinds == [("C", ()), ("B", ()), ("C", (3,)), ("B", (3,))]
    table.controller.looked(replace(table.shown.state.view, grouping=Grouping.THIRDS, layer=1))
    looked = []
    while table.asked:
        request = table.answer()
        looked.append((request.text[0], request.feed_forward_layers, request.boundaries))
    assert looked == [("C", (1, 3), (0, 2, 4, 6)), ("B", (1, 3), (0, 2, 4, 6))]
    table.assert_both_stand()


def test_two_layers_are_one_answer_looked_into_twice() -> None:
    table = Table().pinned()
    table.controller.compared_chosen(Compared.LAYERS)
    assert table.settle() == []
    state = table.shown.state
    assert state.comparison is not None
    assert (state.comparison.layer, state.view.layer) == (2, 3), "the layer before, so that there is something to see"
    assert state.view.compared_as is ComparedAs.MAPS
    table.controller.text_edited("Another film.")
    (request,) = table.settle()
    assert request.text == "Another film."
    assert table.texts() == ("Another film.", "Another film.")
    table.assert_both_stand()
    table.controller.first_layer_chosen(5)
    assert table.settle() == []
    table.assert_both_stand()


def test_a_layer_that_a_is_not_deep_enough_for_becomes_its_last() -> None:
    table = Table().pinned()
    table.controller.compared_chosen(Compared.LAYERS)
    table.controller.first_layer_chosen(40)
    table.controller.text_edited("Another film.")
    table.settle()
    assert table.shown.state.comparison is not None
    assert table.shown.state.comparison.layer == 5


def test_two_methods_share_everything_but_the_method() -> None:
    table = Table().pinned()
    table.controller.compared_chosen(Compared.METHODS)
    table.controller.first_method_chosen("globenc", (("map", "N"),))
    (request,) = table.settle()
    assert (request.method, request.parameters, request.text) == ("globenc", (("map", "N"),), "A film.")
    table.controller.text_edited("B film.")
    first, second = table.settle()
    assert (first.method, second.method) == ("globenc", "decompx")
    assert first.text == second.text == "B film."
    table.assert_both_stand()


def test_two_models_are_led_by_name() -> None:
    table = Table().pinned()
    table.controller.target_chosen(1, 0)
    table.settle()
    table.controller.compared_chosen(Compared.MODELS)
    table.settle()
    table.controller.first_model_chosen("names")
    first, second = table.settle()
    assert (first.model, first.target, first.against) == ("names", None, Against.OTHER), "old answers mean nothing"
    assert (second.model, second.target, second.against) == (STATE.model, "positive", "negative")
    table.controller.target_chosen(0, 1)
    first, second = table.settle()
    assert (first.target, second.target) == ("negative", "negative"), "0 is negative to B, and not to A"
    table.assert_both_stand()


def test_a_word_that_fills_a_gap_leads_another_model_without_its_vocabularys_marks() -> None:
    gapped = samples.filling("The keys [MASK] here.")
    table = Table(AppState(text="The keys [MASK] here."))
    table.controller.start()
    table.controller.outcome_arrived(replace(gapped, request=table.bridge.requests[-1], target=2))
    table.controller.compare_toggled()
    table.controller.compared_chosen(Compared.MODELS)
    table.controller.model_chosen("other")
    a, b = table.bridge.requests[-1], table.shown.first
    assert a.model == "other"
    assert b is not None
    assert b.model.head is Head.MASKED_WORD
    assert (a.target, a.against) == ("was", Against.NOTHING)


def test_a_place_is_found_in_the_tokens_of_each_model() -> None:
    state = AppState(text="the keys are here", place=Place(9, 3))
    table = Table(replace(state, comparison=replace(pinned(state), compared=Compared.MODELS, model="names")))
    table.controller.start()
    request = table.bridge.requests[-1]
    assert (request.model, request.position) == ("names", 3), "the best guess there is"
    cut = samples.explanation("the keys are here", request=request)
    tokens = (*cut.tokens[:2], *samples.tokens_of("a")[1:2], *cut.tokens[2:])  # it cuts the text once more
    tokens = tuple(replace(token, start=-1, end=-1) if token.text == "a" else token for token in tokens)
    table.controller.outcome_arrived(replace(cut, tokens=tokens))
    assert table.bridge.requests[-1].position == 4
    assert table.shown.state.place == Place(9, 3), "B's own token is none of A's business"


def test_as_own_word_moves_with_as_text() -> None:
    state = AppState(text="the keys are here", place=Place(9, 3))
    table = Table(state)
    table.controller.start()
    table.settle()
    table.controller.compare_toggled()
    table.settle()
    table.controller.first_text_edited("the old keys are here")
    assert [(request.text, request.position) for request in table.settle()] == [
        ("the old keys are here", 3),
        ("the old keys are here", 4),
    ]
    made = table.shown.state.comparison
    assert made is not None
    assert (made.place, table.shown.state.place) == (Place(13, 4), Place(9, 3))
    table.controller.first_text_edited("here")
    table.pause.end()
    assert table.bridge.requests[-1].position is None, "the word is gone"


def test_an_answer_to_a_text_of_a_that_was_left_is_dropped() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("One.")
    table.pause.end()
    old = table.bridge.requests[-1]
    table.controller.first_text_edited("Two.")
    table.controller.outcome_arrived(reply(old))
    table.controller.progress_arrived(Progress(old.generation, 0.5, "Late"))
    assert table.texts()[0] == "A film."
    assert table.shown.progress is None
    table.settle()
    assert table.texts()[0] == "Two."


def test_typing_in_b_leaves_as_question_out() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("A bad film.")
    table.pause.end()
    out = table.bridge.requests[-1]
    table.controller.text_edited("B film.")
    assert table.shown.waiting
    table.controller.outcome_arrived(reply(out))
    assert table.texts() == ("A bad film.", "A film."), "A's answer is wanted while B is being typed"
    assert table.bridge.requests[-1].text == "A bad film.", "and B waits until the person rests"
    assert table.shown.waiting
    table.settle()
    assert table.texts() == ("A bad film.", "B film.")
    table.assert_both_stand()


def test_bs_question_waits_for_as_answer() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("A bad film.")
    table.pause.end()
    count = len(table.bridge.requests)
    table.controller.text_edited("B film.")
    table.pause.end()
    assert len(table.bridge.requests) == count, "the mailbox has one place: B would throw A out"
    table.settle()
    table.assert_both_stand()


def test_a_failure_of_a_is_as_and_b_goes_on() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("Long.")
    table.pause.end()
    failure = table.fail()
    assert (table.shown.first_failure, table.shown.failure) == (failure, None)
    assert table.texts() == ("A film.", "A film."), "the last good picture stays"
    assert table.shown.first_stale
    assert table.shown.activity is Activity.FAILED
    for token in range(4):
        table.controller.hovered(Hover(token))
    assert not table.asked, "moving the pointer asks for nothing again"
    table.controller.text_edited("B film.")
    (request,) = table.settle()
    assert request.text == "B film."
    table.controller.first_text_edited("Short.")
    table.settle()
    assert table.shown.first_failure is None
    table.assert_both_stand()


def test_a_failure_goes_where_the_text_comes_back_to_what_is_answered() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("Long.")
    table.pause.end()
    table.fail()
    table.controller.first_text_edited("A film.")
    assert table.settle() == []
    assert table.shown.first_failure is None
    table.controller.text_edited("Long.")
    table.pause.end()
    table.fail()
    table.controller.undo()
    assert table.shown.failure is None
    table.assert_both_stand()


def test_a_failure_of_b_is_bs() -> None:
    table = Table().pinned()
    table.controller.text_edited("Long.")
    table.pause.end()
    failure = table.fail()
    assert (table.shown.first_failure, table.shown.failure) == (None, failure)
    assert not table.shown.first_stale
    table.controller.compare_toggled()
    assert table.shown.first is None
    assert table.shown.first_failure is None


def test_our_own_bug_on_a_is_told_once() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("Long.")
    table.pause.end()
    bug = Failure(table.bridge.requests[-1].generation, FailureKind.BUG, "", "Wrong", "x", "y")
    table.controller.outcome_arrived(bug)
    assert (table.shown.bug, table.shown.first_failure, table.shown.failure) == (bug, None, None)
    assert not table.shown.waiting


def test_an_empty_side_says_so_and_the_other_is_still_asked() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("  ")
    assert table.shown.activity is Activity.NO_TEXT
    assert table.bridge.given_up == 1
    table.controller.text_edited("A bad film.")
    (request,) = table.settle()
    assert (request.text, request.target) == ("A bad film.", 1), "for what was explained last"
    table.controller.text_edited("")
    table.controller.first_text_edited("A film again.")
    (request,) = table.settle()
    assert request.text == "A film again."
    assert table.shown.activity is Activity.NO_TEXT


def test_leaving_keeps_b_and_undo_brings_the_comparison_back() -> None:
    table = Table().pinned()
    table.controller.text_edited("A bad film.")
    table.settle()
    table.controller.compare_toggled()
    (request,) = table.settle()
    assert (request.text, request.target) == ("A bad film.", None), "alone, B is explained for what it predicts"
    assert table.shown.first is None
    assert table.shown.activity is Activity.UP_TO_DATE
    table.controller.undo()
    table.settle()
    assert table.texts() == ("A film.", "A bad film.")
    table.assert_both_stand()
    table.controller.redo()
    table.settle()
    assert table.shown.first is None


def test_swapping_exchanges_what_differs_and_nothing_else() -> None:
    table = Table().pinned()
    table.controller.text_edited("A bad film.")
    table.settle()
    table.controller.sides_swapped()
    table.settle()
    assert table.texts() == ("A bad film.", "A film.")
    first, second = table.shown.first, table.shown.explanation
    assert first is not None
    assert second is not None
    assert first.target == second.target == 0, "A leads, whoever it is"
    table.controller.compared_chosen(Compared.METHODS)
    table.controller.first_method_chosen("globenc", ())
    table.controller.sides_swapped()
    made = table.shown.state.comparison
    assert made is not None
    assert (made.method, table.shown.state.method) == ("decompx", "globenc")
    assert (made.text, table.shown.state.text) == ("A bad film.", "A film."), "what is not compared stays"
    table.settle()
    table.assert_both_stand()
    table.controller.undo()
    table.settle()
    assert table.shown.state.method == "decompx"
    table.assert_both_stand()


def test_a_letter_in_a_is_a_step_of_its_own_kind() -> None:
    table = Table()
    table.controller._clock = lambda: 0.0  # all in one breath
    table.controller.start()
    table.settle()
    table.controller.compare_toggled()
    for text in ("A", "A b", "A bad film."):
        table.controller.first_text_edited(text)
    table.settle()
    table.controller.undo()
    assert table.shown.state.comparison is not None, "pinning is not part of what was typed then"
    assert table.shown.state.comparison.text == "A film."
    table.controller.undo()
    assert table.shown.state.comparison is None


def test_a_preview_of_a_is_shown_and_replaced() -> None:
    table = Table().pinned()
    table.controller.first_text_edited("A bad film.")
    table.pause.end()
    request = table.bridge.requests[-1]
    table.controller.outcome_arrived(reply(request, preview=True))
    assert table.shown.first is not None
    assert table.shown.first.preview
    assert table.shown.activity is Activity.PREVIEW
    assert table.bridge.requests[-1] is request, "the full answer is still out"
    table.settle()
    assert not table.shown.first.preview
    table.assert_both_stand()


def test_a_session_with_a_comparison_ends_with_both_answers() -> None:
    table = Table()
    table.controller.start()
    table.settle()
    there = AppState(text="B film.", comparison=replace(pinned(STATE), text="A bad film."))
    table.controller.opened(there)
    assert [request.text for request in table.settle()] == ["A bad film.", "B film."]
    table.assert_both_stand()


def test_walking_over_minimal_pairs_compares_each() -> None:
    pairs = ExampleSet("Pairs", (Example("The key is.", "The keys is."), Example("A bad day.", "A day.")))
    table = Table()
    table.controller.start()
    table.settle()
    for at, texts in enumerate((("The key is.", "The keys is."), ("A bad day.", "A day."))):
        table.controller.walked(Walk(pairs, at))
        table.settle()
        assert table.texts() == texts
        table.assert_both_stand()


def test_two_ways_to_the_same_text_are_one_answer() -> None:
    table = Table().pinned()
    table.controller.text_edited("B film.")
    table.settle()
    table.controller.first_text_edited("B film.")
    assert len(table.settle()) <= 1
    table.assert_both_stand()
    table.controller.text_edited("A film.")
    table.settle()
    table.controller.text_edited("B film.")
    assert table.settle() == [], "A's answer is B's too"
    table.assert_both_stand()

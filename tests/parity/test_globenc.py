"""GlobEnc, raw attention and rollout against the published programs, through the command."""

from __future__ import annotations

import numpy as np
import pytest

from tests.parity.commanded import LENGTHS, ROWS, explain, length_of, reference
from tests.tolerances import OF, agree

MODELS = ("tiny-bert", "tiny-electra")
MAPS = ("N", "N_Res", "N_ResLN", "N_Enc")

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def run(parity, tmp_path):
    def explained(model, case, dtype, method, setting="", row=0):
        stored = reference(parity, "globenc", model, case)
        options = {"method": method, "dtype": dtype, "setting": setting, "row": row}
        return stored, explain(parity, model, stored, tmp_path / "out.npz", **options)

    return explained


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("chosen", MAPS)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
def test_norms_ratios_and_rollout_are_the_published_ones(run, measured, model, case, chosen, dtype):
    stored, found = run(model, case, dtype, "globenc", f"map={chosen}")
    measured(f"GlobEnc {chosen}, {model}, {dtype}", agree(found["layer_maps"], stored[f"norm.{chosen}"], OF[dtype]))
    measured(
        f"GlobEnc mixing ratio, {model}, {dtype}",
        agree(found["extra/mixing_ratio"], stored[f"norm.ratio_{chosen}"], OF[dtype]),
    )
    rolled = stored[f"rollout.{chosen.replace('_', '-')}"]
    measured(f"GlobEnc rollout, {model}, {dtype}", agree(found["rollout"], rolled, OF[dtype]))
    agree(found["scores"], rolled[-1, 0], OF[dtype])
    agree(found["logits"], stored["logits"][0], OF[dtype])


@pytest.mark.parametrize("case", LENGTHS)
def test_the_default_is_the_rollout_built_into_the_published_model(run, measured, case):
    stored, found = run("tiny-bert", case, "float64", "globenc")
    apart = agree(found["rollout"][-1], stored["globenc_builtin"][0], OF["float64"])
    measured("GlobEnc built-in rollout, float64", apart)


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
def test_component_maps_are_the_published_norms_whatever_the_method(run, measured, model, case, dtype):
    stored, found = run(model, case, dtype, "attention")
    wanted = {"attention_values": "N", "residual_1": "N_Res", "layernorm_1": "N_ResLN"}
    apart = [agree(found[f"component/{name}"], stored[f"norm.{norm}"], OF[dtype]) for name, norm in wanted.items()]
    apart.append(agree(found["component/attention"], stored["raw_attention"], OF[dtype]))
    measured(f"component maps, {model}, {dtype}", max(apart))


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
def test_attention_and_its_product_are_the_published_ones(run, measured, model, case, dtype):
    stored, found = run(model, case, dtype, "attention")
    agree(found["layer_maps"], stored["raw_attention"], OF[dtype])
    measured(f"attention, {model}, {dtype}", agree(found["rollout"], stored["rollout.W"], OF[dtype]))


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
def test_rollout_with_half_kept_is_the_published_one(run, measured, model, case, dtype):
    stored, found = run(model, case, dtype, "rollout")
    agree(found["layer_maps"], stored["local.W-FixedRes"], OF[dtype])
    measured(f"rollout, {model}, {dtype}", agree(found["rollout"], stored["rollout.W-FixedRes"], OF[dtype]))


@pytest.mark.parametrize("chosen", MAPS)
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("model", MODELS)
def test_padding_is_never_mixed_in(run, measured, model, row, chosen):
    stored, found = run(model, "pad", "float64", "globenc", f"map={chosen}", row)
    length = length_of(stored, row)
    maps, ratios = stored[f"norm.{chosen}"][:, row], stored[f"norm.ratio_{chosen}"][:, row]
    apart = agree(found["layer_maps"][:, :length, :length], maps[:, :length, :length], OF["float64"])
    measured(f"GlobEnc padded, {model}, float64", apart)
    agree(found["extra/mixing_ratio"][:, :length], ratios[:, :length], OF["float64"])
    assert not found["layer_maps"][:, :length, length:].any()
    if chosen == "N_Enc" and "globenc_builtin" in stored:
        agree(found["rollout"][-1, :length, :length], stored["globenc_builtin"][row][:length, :length], OF["float64"])
    assert not np.asarray(found["scores"][length:]).any()

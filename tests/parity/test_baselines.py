"""Attention, rollout, attention flow, value zeroing, gradients and occlusion against the published programs.

Through the command, on four small models: sequence classifiers of three families and one that fills gaps.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.parity.commanded import explain, reference
from tests.tolerances import OF, agree

# The ids of every reference case; segments where two texts stand side by side, 1 where a token is not padding.
IDS = {
    ("alti-tiny-bert", "n3"): (2, 65, 3),
    ("alti-tiny-bert", "n8"): (2, 171, 191, 128, 35, 27, 12, 3),
    ("alti-tiny-bert", "n17"): (2, 175, 57, 35, 39, 122, 165, 75, 128, 105, 27, 63, 193, 141, 46, 81, 3),
    ("alti-tiny-bert", "n8-pair"): (2, 71, 115, 7, 3, 96, 12, 3),
    ("alti-tiny-bert", "n8-padded3"): (2, 46, 111, 6, 165, 164, 195, 3, 0, 0, 0),
    ("alti-tiny-roberta", "n3"): (0, 138, 2),
    ("alti-tiny-roberta", "n8"): (0, 133, 148, 97, 179, 89, 33, 2),
    ("alti-tiny-roberta", "n17"): (0, 172, 50, 58, 167, 88, 42, 126, 119, 96, 73, 97, 49, 115, 51, 72, 2),
    ("alti-tiny-roberta", "n8-padded3"): (0, 57, 190, 178, 182, 165, 102, 2, 1, 1, 1),
    ("alti-tiny-distilbert", "n3"): (2, 18, 3),
    ("alti-tiny-distilbert", "n8"): (2, 186, 129, 187, 90, 59, 168, 3),
    ("alti-tiny-distilbert", "n17"): (2, 17, 123, 45, 87, 63, 185, 182, 141, 66, 81, 119, 167, 192, 46, 163, 3),
    ("alti-tiny-distilbert", "n8-padded3"): (2, 165, 160, 5, 137, 135, 93, 3, 0, 0, 0),
    ("alti-tiny-bert-mlm", "n3"): (2, 4, 3),
    ("alti-tiny-bert-mlm", "n8"): (2, 57, 26, 12, 4, 164, 72, 3),
    ("alti-tiny-bert-mlm", "n17"): (2, 99, 76, 66, 65, 120, 14, 110, 4, 165, 176, 37, 152, 158, 33, 181, 3),
}
SEGMENTS = {"n8-pair": (0, 0, 0, 0, 0, 1, 1, 1)}
LENGTHS = {"n8-padded3": 8}
MASK = 4

FLOWS = [case for case in IDS if case[1] in ("n3", "n8") and case[0] != "alti-tiny-bert-mlm"]
ZEROED = [case for case in IDS if case[0] in ("alti-tiny-bert", "alti-tiny-bert-mlm")]
CAPTUM = [case for case in IDS if case[1] in ("n3", "n8", "n17")]
PLACES = {"we": "word", "sum": "embedding"}
# The reference's quadrature weights went through float32; with the same weights the difference is the usual one.
INTEGRATED = {"float64": 1e-7, "float32": OF["float32"]}
# Integer widths, a part in 2**30 here; arrays.md allows 1e-6.
SEARCHED = {"float64": 1e-6, "float32": OF["float32"]}

pytestmark = pytest.mark.usefixtures("one_thread")
every_dtype = pytest.mark.parametrize("dtype", OF)


def cases(chosen):
    return pytest.mark.parametrize(("model", "case"), chosen, ids=lambda part: part)


@pytest.fixture
def run(parity, tmp_path):
    """Arrays of the command for one case, cut to its real length, and the real length."""

    def explained(model, case, dtype, method, setting=""):
        ids = np.array([IDS[model, case]])
        length = LENGTHS.get(case, ids.size)
        stored = {
            "in.input_ids": ids,
            "in.attention_mask": (np.arange(ids.size) < length)[None].astype(int),
            "in.token_type_ids": np.array([SEGMENTS.get(case, (0,) * ids.size)]),
        }
        position = IDS[model, case].index(MASK) if model.endswith("mlm") else None
        options = {"method": method, "dtype": dtype, "setting": setting, "position": position}
        return explain(parity, model, stored, tmp_path / "out.npz", **options), length

    return explained


@pytest.fixture
def stored(parity):
    def arrays(kind, model, case):
        return reference(parity, "baselines", f"{kind}-{model}", case, joined="-")

    return arrays


def _cut(maps, length):
    return maps[..., :length, :length]


@every_dtype
@cases(IDS)
def test_attention_is_the_models_own(run, stored, measured, model, case, dtype):
    wanted = stored("attention", model, case)
    found, length = run(model, case, dtype, "attention")
    attention = _cut(wanted["attentions"], length)
    measured(f"attention, {dtype}", agree(_cut(found["attention"], length), attention, OF[dtype]))
    agree(_cut(found["layer_maps"], length), attention.mean(1), OF[dtype])


@every_dtype
@pytest.mark.parametrize(("residual", "name"), [(0.5, "rollout_residual"), (0, "rollout_no_residual")])
@cases(IDS)
def test_rollout_is_the_published_one(run, stored, measured, model, case, residual, name, dtype):
    wanted = stored("attention", model, case)[name]
    found, length = run(model, case, dtype, "rollout", f"residual={residual}")
    apart = agree(_cut(found["rollout"], length), _cut(wanted, length), OF[dtype])
    measured(f"rollout residual={residual}, {dtype}", apart)
    assert not np.asarray(found["rollout"])[:, :length, length:].any()


@every_dtype
@cases(FLOWS)
def test_attention_flow_is_the_published_one(run, stored, measured, model, case, dtype):
    wanted = stored("attention", model, case)["flow_residual"]
    found, _ = run(model, case, dtype, "attention_flow")
    measured(f"attention flow, {dtype}", agree(found["rollout"], wanted, SEARCHED[dtype]))
    agree(found["scores"], wanted[-1, 0], SEARCHED[dtype])
    assert "flow" not in found


@every_dtype
@pytest.mark.parametrize("chosen", ["W", "W_FixedRes", "W_Res", "N_FixedRes", "N_Enc"])
@pytest.mark.parametrize("case", ["n3", "n8"])
@pytest.mark.parametrize("model", ["tiny-bert", "tiny-electra"])
def test_attention_flow_is_that_of_the_globenc_comparison(parity, tmp_path, measured, model, case, chosen, dtype):
    wanted = reference(parity, "globenc", model, case)
    options = {"method": "attention_flow", "dtype": dtype, "setting": f"map={chosen}"}
    found = explain(parity, model, wanted, tmp_path / "out.npz", **options)
    name = chosen.replace("_", "-")
    apart = agree(found["rollout"], wanted[f"maxflow.{name}"], SEARCHED[dtype])
    measured(f"attention flow {chosen}, {dtype}", apart)
    local = {"W": "raw_attention", "N_Enc": "norm.N_Enc"}.get(chosen, f"local.{name}")
    agree(found["layer_maps"], wanted[local], OF[dtype])


@every_dtype
@cases(ZEROED)
def test_value_zeroing_is_the_published_one(run, stored, measured, model, case, dtype):
    wanted = stored("valuezeroing", model, case)
    found, length = run(model, case, dtype, "value_zeroing")
    names = {
        "extra/cosine_distance": "cosine_distance",
        "layer_maps": "value_zeroing",
        "rollout": "value_zeroing_rollout",
    }
    for name, reference_name in names.items():
        apart = agree(_cut(found[name], length), _cut(wanted[reference_name], length), OF[dtype])
        measured(f"value zeroing, {dtype}", apart)
    assert not np.asarray(found["layer_maps"])[:, :length, length:].any()


@every_dtype
@pytest.mark.parametrize("output", ["logit", "prob"])
@cases(CAPTUM)
def test_gradients_are_captums(run, stored, measured, model, case, output, dtype):
    wanted = stored("captum", model, case)
    compared = {
        "we_saliency_l2": ("gradient", "l2"),
        "we_saliency_l1": ("gradient", "l1"),
        "sum_saliency_l2": ("gradient", "l2"),
        "we_ixg_sum": ("gradient_x_input", "sum"),
        "we_ixg_l2": ("gradient_x_input", "l2"),
        "sum_ixg_sum": ("gradient_x_input", "sum"),
    }
    for name, (method, reduce) in compared.items():
        at = PLACES[name.split("_")[0]]
        found, _ = run(model, case, dtype, method, f"at={at} output={output} reduce={reduce}")
        assert found["target"] == wanted["target"]
        measured(f"{method}, {dtype}", agree(found["scores"], wanted[f"{output}_{name}"], OF[dtype]))


def _integrated(run, wanted, model, case, output, dtype):
    """Triples of settings, ours and captum's; the last entries are by how much the sums miss."""
    for name in ("we_ig_zero", "we_ig_mask", "sum_ig_mask"):
        place, _, baseline = name.split("_")
        for reduce in ("sum", "l2"):
            if f"{output}_{name}_{reduce}" in wanted:
                setting = f"at={PLACES[place]} output={output} reduce={reduce} baseline={baseline}"
                found, _ = run(model, case, dtype, "integrated_gradients", setting)
                yield found, wanted[f"{output}_{name}_{reduce}"], abs(float(wanted[f"{output}_{name}_delta"][0]))


@every_dtype
@pytest.mark.parametrize("output", ["logit", "prob"])
@cases(CAPTUM)
def test_integrated_gradients_are_captums(run, stored, measured, model, case, output, dtype):
    wanted = stored("captum", model, case)
    for found, theirs, missed in _integrated(run, wanted, model, case, output, dtype):
        measured(f"integrated gradients, {dtype}", agree(found["scores"], theirs, INTEGRATED[dtype]))
        assert abs(found["checks/completeness"] - missed) <= INTEGRATED[dtype] * max(1, abs(wanted["logit_value"]))


@pytest.mark.parametrize("output", ["logit", "prob"])
@cases([case for case in CAPTUM if case[1] == "n8"])
def test_integrated_gradients_differ_by_the_precision_of_the_weights_alone(
    monkeypatch, run, stored, measured, model, case, output
):
    exact = np.polynomial.legendre.leggauss

    def rounded(steps):
        nodes, weights = exact(steps)
        return nodes, weights.astype(np.float32).astype(np.float64)

    monkeypatch.setattr(np.polynomial.legendre, "leggauss", rounded)
    wanted = stored("captum", model, case)
    for found, theirs, _ in _integrated(run, wanted, model, case, output, "float64"):
        measured("integrated gradients, weights as captum's, float64", agree(found["scores"], theirs, OF["float64"]))


@every_dtype
@pytest.mark.parametrize("output", ["logit", "prob"])
@cases(CAPTUM)
def test_occlusion_is_captums(run, stored, measured, model, case, output, dtype):
    wanted = stored("captum", model, case)
    found, _ = run(model, case, dtype, "occlusion", f"output={output}")
    measured(f"occlusion, {dtype}", agree(found["scores"], wanted[f"{output}_mask_ablation"], OF[dtype]))
    logits = wanted["logits"][0]
    agree(found["logits"], logits[int(wanted["target_position"])] if logits.ndim == 2 else logits, OF[dtype])

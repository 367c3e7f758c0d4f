"""What torch.save and torch.jit.save write: state dicts, checkpoints, whole modules, TorchScript.

Legacy files (`_use_new_zipfile_serialization=False`) name their storages by address, so those few
differ from run to run; everything else repeats.
"""
import collections
import io
import pickle
import warnings

import torch
from torch import nn

import samples


def small_net():
    return nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))


def stock_layers():
    """A whole module of many stock layers, as torch.save(model) writes it."""
    return nn.Sequential(collections.OrderedDict([
        ("conv", nn.Conv2d(1, 2, 3, padding=1)), ("norm", nn.BatchNorm2d(2)),
        ("act", nn.SiLU(inplace=True)),
        ("pool", nn.MaxPool2d(2)), ("drop", nn.Dropout(0.1)), ("up", nn.Upsample(scale_factor=2)),
        ("adapt", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()),
        ("blocks", nn.ModuleList([nn.Linear(2, 2), nn.LayerNorm(2), nn.GELU(), nn.Identity()])),
        ("named",
         nn.ModuleDict({"embed": nn.Embedding(3, 2), "lstm": nn.LSTM(2, 2), "gru": nn.GRU(2, 2)})),
        ("group", nn.GroupNorm(1, 2)), ("prelu", nn.PReLU()),
        ("transpose", nn.ConvTranspose1d(1, 1, 2)),
        ("soft", nn.Softmax(dim=1)), ("loss", nn.CrossEntropyLoss()),
    ]))


def transformer():
    return nn.TransformerEncoder(
        nn.TransformerEncoderLayer(4, 2, dim_feedforward=4, batch_first=True), 1)


def checkpoint():
    net = small_net()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)
    net(torch.ones(1, 4)).sum().backward()
    optimizer.step()
    return {"epoch": 3, "loss": 0.25, "best": True, "arch": "mlp", "classes": ["cat", "dog"],
            "state_dict": net.state_dict(), "optimizer": optimizer.state_dict(),
            "scheduler": {"last_epoch": scheduler.last_epoch},
            "rng": torch.get_rng_state()[:16].clone(),
            "history": {"train": [0.5, 0.25], "shape": torch.Size([4, 2])},
            "device": torch.device("cpu"),
            "dtype": torch.float16, "note": None}


def every_dtype():
    kinds = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32,
             torch.int16,
             torch.int8, torch.uint8, torch.bool, torch.complex64, torch.complex128]
    return {str(kind): torch.ones(2, 2).to(kind) for kind in kinds}


def odd_tensors():
    base = torch.arange(12, dtype=torch.float32)
    sparse = torch.sparse_coo_tensor([[0, 1], [1, 0]], [1.0, 2.0], (2, 2))
    return {"row": base[:4], "view": base.view(3, 4), "column": base.view(3, 4)[:, 1],
            "transposed": base.view(3, 4).t(),
            "scalar": torch.tensor(1.5), "empty": torch.empty(0), "no_rows": torch.empty(0, 3),
            "sparse": sparse,
            "csr": sparse.to_dense().to_sparse_csr(), "parameter": nn.Parameter(base[:2].clone()),
            "grad": torch.ones(2, requires_grad=True),
            "conj": torch.ones(2, dtype=torch.complex64).conj(),
            "bias": nn.Parameter(base[:2].clone(), requires_grad=False)}


def quantised():
    per_tensor = torch.quantize_per_tensor(torch.ones(2, 2), 0.1, 0, torch.qint8)
    per_channel = torch.quantize_per_channel(torch.ones(2, 2), torch.tensor([0.1, 0.2]),
                                             torch.tensor([0, 0]), 0, torch.quint8)
    return {"per_tensor": per_tensor, "per_channel": per_channel}


def optimizers():
    kinds = {"sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), "adam": torch.optim.Adam,
             "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}
    states = {}
    for name, make in kinds.items():
        net = small_net()
        optimizer = make(net.parameters())
        net(torch.ones(1, 4)).sum().backward()
        optimizer.step()
        states[name] = optimizer.state_dict()
    return states


PICKLED = {
    "state_dict": lambda: small_net().state_dict(),
    "checkpoint": checkpoint,
    "whole_module": stock_layers,
    "whole_transformer": transformer,
    "optimizers": optimizers,
    "every_dtype": every_dtype,
    "odd_tensors": odd_tensors,
    "quantised": quantised,
    "lone_tensor": lambda: torch.ones(2, 3),
    "empty_dict": dict,
    "list_of_arrays": lambda: [torch.arange(3), torch.arange(3).numpy()],
    "tied": lambda: (lambda w: {"embed.weight": w, "head.weight": w})(torch.ones(3, 2)),
}
NO_LEGACY = {"quantised"}


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(2))
        self.bias = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return torch.relu(torch.mm(x, self.weight) + self.bias)


class ControlFlow(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Mlp()
        self.steps = 3
        self.names = ["out", "twice"]

    def forward(self, x):
        for _ in range(self.steps):
            x = self.inner(x) if bool(x.sum() > 0) else -x
        return {self.names[0]: x, self.names[1]: x * 2}


# TorchScript quotes sources in *.debug_pkl: own modules, not the framework's.
SCRIPTED = {"mlp": Mlp, "control_flow": ControlFlow}


def without_path(get_source):
    """Wraps torch's source lookup so that *.debug_pkl names no folder of this machine."""
    def relative(obj, error_message=None):
        lines, line, _ = get_source(obj, error_message)
        return lines, line, "model.py"
    return relative


def one_line_source(layer):
    """A legacy file of a whole module quotes the source of every layer: not the framework's own text here."""
    return ["class %s(Module): ...\n" % layer.__name__], 1, "modules.py"


def save(recorder, name, value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    recorder.write("torch", name, out.getvalue())


def main():
    samples.deterministic()
    torch.manual_seed(0)
    warnings.simplefilter("ignore")  # sparse CSR is called a beta feature
    torch._sources.get_source_lines_and_file = without_path(
        torch._sources.get_source_lines_and_file)
    torch.serialization.get_source_lines_and_file = one_line_source
    recorder = samples.Recorder(__file__, "torch " + torch.__version__)
    for name, make in PICKLED.items():
        value = make()
        save(recorder, name + ".pt", value)
        if name not in NO_LEGACY:
            save(recorder, name + ".legacy.pt", value, _use_new_zipfile_serialization=False)
    for protocol in (0, 1, 3, 4, 5):
        save(recorder, "state_dict.p%d.pth" % protocol, small_net().state_dict(),
             pickle_protocol=protocol)
        save(recorder, "state_dict.p%d.legacy.pth" % protocol, small_net().state_dict(),
             pickle_protocol=protocol,
             _use_new_zipfile_serialization=False)
    for name, module in SCRIPTED.items():
        scripted = torch.jit.script(module().eval())
        torch.jit.save(scripted, str(recorder.path("torch", name + ".torchscript.pt")),
                       _extra_files={"labels.txt": "cat\ndog\n"})
        scripted._save_for_lite_interpreter(str(recorder.path("torch", name + ".ptl")))
        torch.jit.save(torch.jit.freeze(scripted), str(recorder.path("torch", name + ".frozen.pt")))
    # A module pickled without torch.save carries its storages as nested torch files.
    recorder.write("pickle", "torch_module.pkl", pickle.dumps(small_net()))
    recorder.write("pickle", "torch_state_dict.pkl", pickle.dumps(small_net().state_dict()))
    recorder.save()


if __name__ == "__main__":
    main()

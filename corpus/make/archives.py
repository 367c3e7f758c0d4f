"""Archives of benign samples: every container and compression that models are shipped in.

Run it after the other scripts: it packs what they wrote. Formats that Python cannot write come from
the Debian tools 7z, zstd, lz4 and cpio.
"""
import bz2
import io
import lzma
import os
import pathlib
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

import samples

VALID = {
    "model.pkl": "pickle/valid/sklearn/linear_regression.joblib",
    "weights/state_dict.pt": "torch/valid/state_dict.pt",
    "weights/model.safetensors": "safetensors/valid/state_dict.safetensors",
    "data/labels.npy": "npy/valid/text.npy",
    "README.md": "text/valid/README.md",
}


def members():
    return [(name, (samples.CORPUS / path).read_bytes()) for name, path in VALID.items()]


def run(command, stdin=b""):
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=True).stdout


def unpacked(folder):
    """Puts the members below `folder` with one fixed time and mode, for the tools that read files."""
    for name, data in members():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o644)
        os.utime(path, (0, 0))
    return sorted(VALID)


def seven_zip(*options):
    with tempfile.TemporaryDirectory() as folder:
        names = unpacked(folder)
        subprocess.run(["7z", "a", "-bd", "-mtm=off", *options, "out.7z", *names], cwd=folder,
                       check=True, stdout=subprocess.DEVNULL)
        return pathlib.Path(folder, "out.7z").read_bytes()


def cpio(layout):
    with tempfile.TemporaryDirectory() as folder:
        names = "\n".join(unpacked(folder)).encode()
        command = ["cpio", "--quiet", "--reproducible", "--owner=0:0", "-o", "-H", layout]
        return subprocess.run(command, cwd=folder, input=names, stdout=subprocess.PIPE,
                              check=True).stdout


def streamed_zip(entries):
    """A zip written to a pipe: sizes stand in data descriptors behind each member."""
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name, samples.ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return pipe.data


def main():
    samples.deterministic()
    recorder = samples.Recorder(__file__,
                                "zipfile and tarfile of the standard library, 7-Zip, zstd, lz4, cpio")
    packed = members()
    tar = samples.tar_bytes(packed)
    pickle = dict(packed)["model.pkl"]
    files = {
        "zip/packed/stored.zip": samples.zip_bytes(packed, zipfile.ZIP_STORED),
        "zip/packed/deflated.zip": samples.zip_bytes(packed),
        "zip/packed/bzip2.zip": samples.zip_bytes(packed, zipfile.ZIP_BZIP2),
        "zip/packed/lzma.zip": samples.zip_bytes(packed, zipfile.ZIP_LZMA),
        "zip/packed/streamed.zip": streamed_zip(packed),
        "zip/packed/empty.zip": samples.zip_bytes([]),
        "zip/packed/directories.zip": samples.zip_bytes([("weights/", b"")] + packed),
        "zip/packed/nested.zip": samples.zip_bytes(
            [("inner.zip", samples.zip_bytes(packed)), ("inner.tar.gz", samples.gzip_bytes(tar))]),
        "archive/ustar.tar": samples.tar_bytes(packed, tarfile.USTAR_FORMAT),
        "archive/gnu.tar": samples.tar_bytes(packed, tarfile.GNU_FORMAT),
        "archive/pax.tar": samples.tar_bytes(
            packed + [("\u540d/" + "n" * 200 + ".npy", packed[3][1])]),
        "archive/long_names.gnu.tar": samples.tar_bytes([("d/" * 60 + "model.pkl", pickle)],
                                                        tarfile.GNU_FORMAT),
        "archive/model.tar.gz": samples.gzip_bytes(tar),
        "archive/model.tar.bz2": bz2.compress(tar),
        "archive/model.tar.xz": lzma.compress(tar),
        "archive/model.tar.zst": run(["zstd", "-q", "-19"], tar),
        "archive/model.tar.lz4": run(["lz4", "-q", "-9"], tar),
        "archive/model.pkl.gz": samples.gzip_bytes(pickle),
        "archive/two_members.pkl.gz": samples.gzip_bytes(pickle[:100]) + samples.gzip_bytes(
            pickle[100:]),
        "archive/model.pkl.bz2": bz2.compress(pickle),
        "archive/model.pkl.xz": lzma.compress(pickle),
        "archive/model.pkl.lzma": lzma.compress(pickle, lzma.FORMAT_ALONE),
        "archive/model.pkl.zst": run(["zstd", "-q"], pickle),
        "archive/model.pkl.lz4": run(["lz4", "-q"], pickle),
        "archive/model.pkl.z": zlib.compress(pickle),
        "archive/lzma2.7z": seven_zip(),
        "archive/stored.7z": seven_zip("-m0=copy"),
        "archive/bzip2.7z": seven_zip("-m0=bzip2", "-ms=off"),
        "archive/newc.cpio": cpio("newc"),
        "archive/odc.cpio": cpio("odc"),
        "archive/nested.tar.gz": samples.gzip_bytes(
            samples.tar_bytes(
                [("inner.zip", samples.zip_bytes(packed)), ("model.tar.xz", lzma.compress(tar))])),
    }
    for name, data in files.items():
        folder, _, name = name.partition("/")
        recorder.write(folder, name, data)
    recorder.save()


if __name__ == "__main__":
    main()

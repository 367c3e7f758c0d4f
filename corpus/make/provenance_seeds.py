"""Seeds for the fuzz targets of provenance/: attestations, CMS, foreign signatures, OCI layouts.

Needs openssl and ssh-keygen. The keys are made anew and thrown away; what is signed says nothing of anything.
"""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

SEEDS = pathlib.Path(__file__).resolve().parent.parent.parent / "tests" / "fuzzing" / "seeds"


def write(target, name, content):
    folder = SEEDS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def b64(content):
    return base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def envelope(statement):
    return {"payloadType": "application/vnd.in-toto+json", "payload": b64(compact(statement)),
            "signatures": [{"sig": b64(b"\x30\x06\x02\x01\x01\x02\x01\x01"), "keyid": ""}]}


def bundle(statement):
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": "a"}, "tlogEntries": []}, "dsseEnvelope": envelope(statement)}


def statement(predicate_type, predicate):
    return {"_type": "https://in-toto.io/Statement/v1", "predicateType": predicate_type,
            "subject": [{"name": "a.bin", "digest": {"sha256": sha256(b"hello")}},
                        {"name": "b.bin", "digest": {"sha256": sha256(b"x")}}], "predicate": predicate}


def attestations():
    source = "git+https://example.test/o/r@refs/heads/main"
    v1 = statement("https://slsa.dev/provenance/v1", {
        "buildDefinition": {"buildType": "t", "externalParameters": {"workflow": {"ref": "m", "repository": "r", "path": "p"}},
                            "resolvedDependencies": [{"uri": source, "digest": {"gitCommit": "ab"}}, {"uri": "hf://o/n"}]},
        "runDetails": {"builder": {"id": "b"}, "metadata": {"invocationId": "i"}}})
    v02 = statement("https://slsa.dev/provenance/v0.2", {
        "builder": {"id": "b"}, "buildType": "t", "invocation": {"configSource": {"uri": source, "digest": {"sha1": "ab"}}},
        "materials": [{"uri": source}]})
    v01 = statement("https://slsa.dev/provenance/v0.1", {
        "builder": {"id": "b"}, "recipe": {"type": "t", "definedInMaterial": 0}, "materials": [{"uri": source}]})
    vsa = statement("https://slsa.dev/verification_summary/v1", {
        "verifier": {"id": "v"}, "verificationResult": "PASSED", "verifiedLevels": ["SLSA_BUILD_LEVEL_3"]})
    write("attestation_fuzz", "slsa-v1.json", compact(bundle(v1)))
    write("attestation_fuzz", "slsa-v0.2-bare.json", compact(envelope(v02)))
    write("attestation_fuzz", "lines.jsonl", "\n".join(compact(bundle(s)) for s in (v01, vsa)))
    write("attestation_fuzz", "github.json", compact({"attestations": [{"bundle": bundle(v1)}, {"bundle_url": "u"}]}))
    message = {"messageDigest": {"algorithm": "SHA2_256", "digest": b64(hashlib.sha256(b"hello").digest())},
               "signature": b64(b"\x30\x06\x02\x01\x01\x02\x01\x01")}
    plain = bundle(v1)
    del plain["dsseEnvelope"]
    write("attestation_fuzz", "message.json", compact(dict(plain, messageSignature=message)))


def layouts():
    manifest_type = "application/vnd.oci.image.manifest.v1+json"

    class Layout:
        def __init__(self):
            self.blobs = []

        def add(self, content, media_type, **more):
            content = content if isinstance(content, bytes) else compact(content).encode()
            content += b" " * (len(content) % 2)  # blobs of odd size are taken to be changed
            if content not in self.blobs:
                self.blobs.append(content)
            return dict({"mediaType": media_type, "digest": "sha256:" + sha256(content), "size": len(content)}, **more)

        def manifest(self, layers, config_type="application/vnd.oci.image.config.v1+json", descriptor={}, **more):
            body = {"schemaVersion": 2, "mediaType": manifest_type, "config": self.add({}, config_type), "layers": layers}
            return self.add(dict(body, **more), manifest_type, **descriptor)

        def write(self, name, roots):
            parts = [bytes([len(self.blobs)])]
            parts += [len(blob).to_bytes(2, "big") + blob for blob in self.blobs]
            write("oci_fuzz", name, b"".join(parts) + compact({"schemaVersion": 2, "manifests": roots}).encode())

    def model(layout):
        return layout.manifest([layout.add(b"weights!", "application/vnd.cncf.model.weight.v1.raw")],
                               "application/vnd.cncf.model.config.v1+json")

    plain = Layout()
    plain.write("model", [plain.add({"manifests": [model(plain)]}, "application/vnd.oci.image.index.v1+json")])

    signed = Layout()
    target = model(signed)
    payload = {"critical": {"identity": {"docker-reference": "r"}, "image": {"docker-manifest-digest": target["digest"]},
                            "type": "cosign container image signature"}, "optional": None}
    answer = {"SignedEntryTimestamp": "AAAA", "Payload": {
        "body": b64(compact({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {}})), "integratedTime": 1700000000,
        "logIndex": 1, "logID": "00" * 32}}
    layer = signed.add(payload, "application/vnd.dev.cosign.simplesigning.v1+json", annotations={
        "dev.cosignproject.cosign/signature": "MAYCAQECAQE=", "dev.sigstore.cosign/bundle": compact(answer)})
    tag = {"org.opencontainers.image.ref.name": target["digest"].replace(":", "-") + ".sig"}
    signed.write("signed", [target, signed.manifest([layer], descriptor={"annotations": tag})])

    referred = Layout()
    target = model(referred)
    about = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://sigstore.dev/cosign/sign/v1",
             "subject": [{"digest": {"sha256": target["digest"][7:]}}], "predicate": {}}
    bundle_type = "application/vnd.dev.sigstore.bundle.v0.3+json"
    layer = referred.add(bundle(about), bundle_type)
    referred.write("referred", [target, referred.manifest([layer], artifactType=bundle_type, subject=target)])


def cms():
    with tempfile.TemporaryDirectory() as folder:
        def openssl(*arguments):
            return subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL).stdout

        pathlib.Path(folder, "file").write_bytes(b"hello")
        for name, key in (("ec", "ec:secp256r1"), ("rsa", "rsa:2048")):
            kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if name == "ec" else ["-newkey", key]
            openssl("req", "-x509", *kind, "-nodes", "-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=" + name,
                    "-addext", "keyUsage=critical,digitalSignature", "-days", "3650")
        sign = ["cms", "-sign", "-binary", "-in", "file"]
        ec = ["-signer", "ec.pem", "-inkey", "ec.key"]
        rsa = ["-signer", "rsa.pem", "-inkey", "rsa.key"]
        write("cms_fuzz", "ec.p7s", openssl(*sign, *ec, "-outform", "DER"))
        write("cms_fuzz", "ec-no-attributes.p7s", openssl(*sign, *ec, "-outform", "DER", "-noattr"))
        write("cms_fuzz", "ec-embedded-ber.p7s", openssl(*sign, *ec, "-outform", "DER", "-nodetach", "-stream"))
        write("cms_fuzz", "two.pem", openssl(*sign, *ec, *rsa, "-outform", "PEM"))
        write("cms_fuzz", "pss-no-certificates.p7s", openssl(*sign, *rsa, "-outform", "DER", "-nocerts",
                                                             "-keyopt", "rsa_padding_mode:pss"))


def foreign():
    blob = b64(b"ED" + bytes(range(1, 9)) + bytes(64))
    write("foreign_fuzz", "minisign", "untrusted comment: a\n%s\ntrusted comment: b\n%s\n" % (blob, b64(bytes(64))))
    write("foreign_fuzz", "signify", "untrusted comment: a\n%s\n" % b64(b"Ed" + bytes(range(1, 9)) + bytes(64)))
    box = b"jumdc2pa" + bytes.fromhex("00110010800000aa00389b71") + b"\x03c2pa\0"
    store = b"jumb" + (len(box) + 4).to_bytes(4, "big") + box
    write("foreign_fuzz", "c2pa", (len(store) + 4).to_bytes(4, "big") + store)
    header = b64(b'{"alg":"ES256"}').rstrip("=")
    write("foreign_fuzz", "jws", header + "..c2ln")
    write("foreign_fuzz", "jws.json", compact({"payload": "", "signatures": [{"protected": header, "signature": "c2ln"}]}))
    write("foreign_fuzz", "cose", bytes.fromhex("d28443a10126a0f640"))
    packet = bytes.fromhex("0400160800060502690000000000aabb0008ff0008ff")
    packet = bytes([0xC2, len(packet)]) + packet
    write("foreign_fuzz", "openpgp.sig", packet)
    write("foreign_fuzz", "openpgp.asc", "-----BEGIN PGP SIGNATURE-----\n\n%s\n-----END PGP SIGNATURE-----\n" % b64(packet))
    with tempfile.TemporaryDirectory() as folder:
        run = lambda *command: subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL,
                                              stderr=subprocess.DEVNULL)
        pathlib.Path(folder, "file").write_bytes(b"hello")
        for kind in ("ed25519", "ecdsa", "rsa"):
            run("ssh-keygen", "-q", "-t", kind, "-N", "", "-f", kind)
            run("ssh-keygen", "-q", "-Y", "sign", "-f", kind, "-n", "file", "file")
            write("foreign_fuzz", "ssh-" + kind, pathlib.Path(folder, "file.sig").read_bytes())
            pathlib.Path(folder, "file.sig").unlink()


attestations()
cms()
foreign()
layouts()

#include "scanner/cli/verify_options.h"

#include <CLI/CLI.hpp>

namespace assay::cli {
namespace {

void add_trust_options(CLI::App& app, TrustOptions& trust) {
  app.add_option("--trusted-root,--trust-config", trust.trusted_root,
                 "Sigstore trusted root instead of the built-in one")
      ->type_name("FILE");
  app.add_flag("--strict", trust.strict, "Whatever is odd rejects");
  app.add_flag("--legacy", trust.legacy, "Take forms that only old tools wrote");
}

void add_ignore_options(CLI::App& app, TrustOptions& trust) {
  app.add_option("--ignore-paths", trust.ignore_paths, "Leave out a file or folder of the model")
      ->type_name("PATH")
      ->allow_extra_args(false);
  app.add_flag("--ignore-git-paths,!--no-ignore-git-paths", trust.ignore_git,
               "Leave out .git, .gitignore, .gitattributes, .github (the default)");
}

}  // namespace

void add_verify_options(CLI::App& app, Arguments& arguments) {
  TrustOptions& trust = arguments.trust;
  app.add_option("model", arguments.sources, "Folder or file")->required()->expected(1);
  app.add_option("--signature", trust.signature, "The signature (found by name if not given)")
      ->type_name("FILE");
  app.add_option("--public-key,--key", trust.public_key, "PEM of the key that must have signed")
      ->type_name("FILE");
  app.add_option("--certificate-chain,--ca", trust.anchors,
                 "PEM of certificates that the signer's must lead to; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--crl", trust.revocations, "PEM of revocation lists")->type_name("FILE");
  app.add_option("--identity,--certificate-identity", trust.identity,
                 "Who must have signed: subject of the certificate, or principal")
      ->type_name("ID");
  app.add_option("--identity-provider,--certificate-oidc-issuer", trust.issuer,
                 "Who must vouch for the identity")
      ->type_name("URL");
  app.add_option("--allowed-signers", trust.allowed_signers, "OpenSSH's file, for commits")
      ->type_name("FILE");
  app.add_option("--openpgp-keys", trust.openpgp_keys, "Armoured public keys, for commits")
      ->type_name("FILE");
  app.add_flag("--ignore-unsigned-files", trust.ignore_unsigned,
               "Take files that the signature does not list");
  add_trust_options(app, trust);
  add_ignore_options(app, trust);
  app.add_option("-j,--jobs", arguments.scan.jobs, "Files read at a time")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--json", arguments.json, "As JSON");
}

void add_verify_bundle_options(CLI::App& app, Arguments& arguments) {
  TrustOptions& trust = arguments.trust;
  app.add_option("artifact", arguments.sources, "File, or sha256: and 64 hex digits")
      ->required()
      ->expected(1);
  app.add_option("--bundle", trust.signature, "Sigstore bundle")->type_name("FILE")->required();
  app.add_option("--key", trust.public_key, "PEM of the key that must have signed")
      ->type_name("FILE");
  app.add_option("--certificate-identity", trust.identity, "Who must have signed")->type_name("ID");
  app.add_option("--certificate-oidc-issuer", trust.issuer, "Who must vouch for the identity")
      ->type_name("URL");
  app.add_flag("--staging", trust.staging, "Sigstore's staging instance; needs --trusted-root");
  add_trust_options(app, trust);
  app.add_flag("--json", arguments.json, "As JSON");
}

void add_sign_options(CLI::App& app, Arguments& arguments) {
  TrustOptions& trust = arguments.trust;
  app.add_option("model", arguments.sources, "Folder or file")->required()->expected(1);
  app.add_option("--private-key", trust.private_key, "PEM of a key on P-256, P-384 or P-521")
      ->type_name("FILE")
      ->required();
  app.add_option("--password-file", trust.password_file, "First line: the password of the key")
      ->type_name("FILE");
  app.add_option("--certificate-chain", trust.anchors,
                 "PEM of the key's certificate and of its issuers")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--signature", trust.signature, "Where to write it (model.sig)")
      ->type_name("FILE");
  app.add_flag("--allow-symlinks", trust.allow_symlinks,
               "Sign what links inside the model lead to");
  add_ignore_options(app, trust);
  app.add_option("-j,--jobs", arguments.scan.jobs, "Files read at a time")
      ->check(CLI::Range(1, 1024));
}

void add_required_signer_options(CLI::App& app, Arguments& arguments) {
  TrustOptions& trust = arguments.trust;
  CLI::Option* const identity =
      app.add_option("--require-signature", trust.required,
                     "Everything must be signed by this identity, vouched for by this issuer")
          ->type_name("IDENTITY@ISSUER");
  CLI::Option* const key = app.add_option("--public-key", trust.public_key,
                                          "PEM of the key that must have signed it all")
                               ->type_name("FILE")
                               ->excludes(identity);
  app.add_option("--certificate-chain", trust.anchors,
                 "PEM of certificates that the signer's must lead to; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->excludes(identity)
      ->excludes(key);
  app.add_option("--trusted-root", trust.trusted_root,
                 "Sigstore trusted root instead of the built-in one")
      ->type_name("FILE");
}

void add_attest_options(CLI::App& app, AttestOptions& attest) {
  CLI::Option* const key =
      app.add_option("--attest", attest.key, "Sign the verdict with this private key (PEM)")
          ->type_name("KEY");
  app.add_option("--attest-output", attest.prefix,
                 "... into PREFIX.test-result.sigstore.json and PREFIX.svr.sigstore.json")
      ->type_name("PREFIX")
      ->needs(key);
  app.add_option("--attest-certificate-chain", attest.chain,
                 "PEM of the key's certificate and of its issuers")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->needs(key);
  app.add_option("--attest-password-file", attest.password_file,
                 "First line: the password of the key")
      ->type_name("FILE")
      ->needs(key);
}

}  // namespace assay::cli

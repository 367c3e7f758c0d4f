// Credentials from the cloud's metadata service.

rule cloud_credentials_requested {
  meta:
    id = "YAR-CLOUD-001"
    severity = "medium"
    description = "Credentials of the cloud machine are requested"
    reference = "https://attack.mitre.org/techniques/T1552.005/"
  strings:
    $aws = /169\.254\.169\.254\/latest\/meta-data\/iam\/security-credentials/
    $google = /(metadata\.google\.internal|169\.254\.169\.254)\/computeMetadata\/v1\/?(instance\/)?service-accounts\/[\w@.-]{1,60}\/(token|identity)/
    $azure = /169\.254\.169\.254\/metadata\/identity\/oauth2\/token/
    $alibaba = /100\.100\.100\.200\/latest\/meta-data\/ram/
    $ecs = /169\.254\.170\.2["\x27]? ?[+$\/{]/
  condition:
    any of them
}

rule cloud_metadata_address {
  meta:
    id = "YAR-CLOUD-002"
    severity = "low"
    description = "The address of the cloud metadata service"
    reference = "https://attack.mitre.org/techniques/T1552.005/"
  strings:
    $v4 = "://169.254.169.254"
    $google = "metadata.google.internal"
    $v6 = "[fd00:ec2::254]"
  condition:
    any of them
}

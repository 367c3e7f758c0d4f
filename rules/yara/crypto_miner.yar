// Miners.

rule mining_pool_protocol {
  meta:
    id = "YAR-MINER-001"
    severity = "high"
    description = "An address of a mining pool's protocol"
    reference = "https://attack.mitre.org/techniques/T1496/"
  strings:
    $url = /stratum\+?(tcp|ssl|tls|2\+tcp)?:\/\/[\w.-]{4,60}:\d{2,5}/
  condition:
    $url
}

rule miner_program {
  meta:
    id = "YAR-MINER-002"
    severity = "high"
    description = "A mining program is configured or started"
    reference = "https://attack.mitre.org/techniques/T1496/"
  strings:
    $name = /\b(xmrig|minerd|cpuminer|ethminer|nbminer|t-rex|lolMiner|cgminer|xmr-stak)\b/
    $option = /(--donate-level|"donate-level"|--coin[ =]|-a (rx\/0|cryptonight|kawpow|ethash)|"algo" ?: ?"(rx\/0|cn)|--rig-id|cryptonight|randomx-)/ private
  condition:
    all of them
}

rule mining_pool_host {
  meta:
    id = "YAR-MINER-003"
    severity = "high"
    description = "The host name of a well-known mining pool"
    reference = "https://attack.mitre.org/techniques/T1496/"
  strings:
    $host = /\b(pool\.supportxmr\.com|xmrpool\.eu|[a-z]{2,8}\.?moneroocean\.stream|[\w-]{2,20}\.nanopool\.org|pool\.minexmr\.com|[\w-]{2,20}\.hashvault\.pro|[\w-]{2,20}\.2miners\.com|[\w-]{2,20}\.herominers\.com|rx\.unmineable\.com)\b/
  condition:
    $host
}

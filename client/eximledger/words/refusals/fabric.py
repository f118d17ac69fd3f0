"""The Chinese of what Fabric, its client and the embedded ledger refuse, by the form of the English sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["REFUSALS_FABRIC"]

REFUSALS_FABRIC: Final[Mapping[str, str]] = {
    # opening a ledger
    "{} is not the URL of a ledger: it begins with {} or is the path of a connection profile": (
        "{} 不是账本地址：应以 {} 开头，或为连接配置文件的路径"
    ),
    "an embedded ledger hosts a consortium: say which (connect(..., consortium=HostedConsortium(...)))": (
        "内嵌账本须指明其联盟"
    ),
    "an embedded ledger has several members: say in whose name, such as member/user": (
        "内嵌账本有多个成员：请指明以谁的名义，例如 成员/用户"
    ),
    "{} names nobody: write a member or member/user, such as eximbank/checker": (
        "{} 未指明任何人：请写成员或 成员/用户，例如 eximbank/checker"
    ),
    "a ledger in memory ends with its process: give the path of a ledger file": "内存账本随进程结束：请给出账本文件",
    "{} is not https://HOST[:PORT]": "{} 不是 https://HOST[:PORT]",
    "the roots are no certificates in PEM": "根证书不是 PEM 证书",
    "{} answers with more than {} bytes": "{} 的回应超过 {} 字节",
    "{} does not answer: {}": "{} 没有回应：{}",
    "there is no connection profile of {} at {}: name its file, or the folder where `eximledger network` wrote the "
    "profiles": "{1} 处没有 {0} 的连接配置：请指明文件，或 eximledger network 写入配置的文件夹",
    "the profile of {} names no user but administrators ({}): say in whose name to act": (
        "{} 的连接配置只有管理员（{}）：请指明以谁的名义办理"
    ),
    "{} is no connection profile: it is too large": "{} 不是连接配置：过大",
    "{} is no connection profile": "{} 不是连接配置",
    "{} has not exactly one connection profile (it has {}): name a file or a member": (
        "{} 中的连接配置不止一个或没有（{}）：请指明文件或成员"
    ),
    "the profile's client is of {}, which it does not describe": "连接配置的客户端属于 {}，而其中没有说明",
    "the profile of {} has no user {} (it has {}), and there is no MSP folder of that name": (
        "{} 的连接配置没有用户 {}（现有 {}），也没有同名的 MSP 文件夹"
    ),
    "the profile names no certificate or no key for {}": "连接配置没有 {} 的证书或密钥",
    "the profile does not say where {} {} is": "连接配置没有说明 {} {} 的位置",
    "{} is neither YAML nor JSON: {}": "{} 既非 YAML 也非 JSON：{}",
    "the key of {} cannot be used: {}": "{} 的密钥无法使用：{}",
    "the TLS certificate and key of this client for {} are no pair: give both, unencrypted in PEM": (
        "客户端用于 {} 的 TLS 证书与密钥不成对：请给出未加密的 PEM"
    ),
    # who signs
    "a key in an HSM needs python-pkcs11: pip install python-pkcs11": (
        "使用 HSM 中的密钥须安装 python-pkcs11：pip install python-pkcs11"
    ),
    "the PKCS#11 library {} cannot be loaded: {}": "无法加载 PKCS#11 库 {}：{}",
    "there is no token {} in {}": "{1} 中没有令牌 {0}",
    "token {} cannot be opened: {} (is the PIN right?)": "无法打开令牌 {}：{}（PIN 是否正确？）",
    "token {} has not exactly one EC private key with label {} and id {}": (
        "令牌 {} 中标签为 {}、编号为 {} 的 EC 私钥不是恰有一个"
    ),
    "the HSM did not sign: {}": "HSM 未签名：{}",
    "{} must hold a certificate and its private key": "{} 须含证书及其私钥",
    "the key in {} does not belong to the certificate in it": "{} 中的密钥与证书不符",
    "{} cannot be read: {}": "无法读取 {}：{}",
    "{} cannot be opened: it is no PKCS#12 file, or the password is wrong": "无法打开 {}：不是 PKCS#12 文件或密码错误",
    "{} cannot be used: {}": "{} 无法使用：{}",
    "the revocation list so far is another authority's: it cannot be continued": "现有吊销列表属于其他机构：不能续写",
    "only the authority that issued a certificate can revoke it": "只有签发机构可以吊销证书",
    "this is not a certificate revocation list that Fabric reads (PEM)": "不是 Fabric 可读的证书吊销列表（PEM）",
    "the key of this identity is elsewhere: sign the stage there, and hand in its signature": (
        "此身份的密钥在别处：请在该处签署并提交签名"
    ),
    "this key is Ed25519, which signs a stage's content, not its digest: sign the content (an embedded ledger takes "
    "ECDSA only)": "此密钥为 Ed25519，应签署内容而非摘要（内嵌账本仅接受 ECDSA）",
    "a certificate of {} has a key that is not taken: use {}": "{} 的证书密钥类型不受理：请使用 {}",
    "the certificate was not issued by an authority of {}: enrol with that organisation": (
        "证书不是由 {} 的机构签发：请向该机构申领"
    ),
    "a root certificate of {} is not an authority's": "{} 的根证书不是证书机构的证书",
    "a certificate of {} is not valid before {} UTC": "{} 的证书自 {} UTC 起生效",
    "a certificate of {} expired on {}: renew it": "{} 的证书已于 {} 到期：请更新",
    "a certificate of {} has been revoked: enrol with that organisation again": "{} 的证书已被吊销：请向该机构重新申领",
    "a certificate of {} is not made for signing": "{} 的证书不可用于签名",
    "a certificate of {} must name one of client, peer, admin, orderer as its unit": (
        "{} 的证书须载明 client、peer、admin、orderer 之一为其部门"
    ),
    "the certificate cannot be read: give an X.509 certificate in PEM": "无法读取证书：请给出 PEM 格式的 X.509 证书",
    "a certificate of {} cannot be read": "无法读取 {} 的证书",
    "no version of the key {} in Vault ({}) is the certificate's": "Vault 中密钥 {} 的各版本（{}）均与证书不符",
    "the key {} in Vault is {}: Fabric takes ecdsa-p256 or -p384": (
        "Vault 中的密钥 {} 为 {}：Fabric 接受 ecdsa-p256 或 -p384"
    ),
    "Vault shows no version of the key {}": "Vault 没有密钥 {} 的任何版本",
    "{} answers with no signature of version {}": "{} 的回应没有版本 {} 的签名",
    "no key in {} belongs to the certificate in {}": "{} 中没有与 {} 中证书相配的密钥",
    "there is no key in {}: put the identity's private key there": "{} 中没有密钥：请放入该身份的私钥",
    "there is no certificate in {}: put the identity's certificate there": "{} 中没有证书：请放入该身份的证书",
    "{} may not be read by this user: it belongs to another": "当前用户无权读取 {}：属于他人",
    "the certificate of {} holds from {} to {} UTC, the call is of {}: sign with another": (
        "{} 的证书有效期为 {} 至 {} UTC，而请求时间为 {}：请以其他证书签署"
    ),
    "the creator's certificate cannot be read: sign with an X.509 certificate in PEM": (
        "无法读取签署人证书：请以 PEM 格式的 X.509 证书签署"
    ),
    # the embedded ledger
    "the ledger's URL is wrong: {}": "账本地址有误：{}",
    "this connection was closed: connect again": "连接已关闭：请重新连接",
    "this connection was closed": "连接已关闭",
    "this connection is closed": "连接已关闭",
    "the copy does not verify: {}": "备份未通过校验：{}",
    "the orderer's key is not at hand": "没有排序节点的密钥",
    "the orderer's key is not at hand: blocks cannot be signed": "没有排序节点的密钥：无法签署区块",
    "{} is missing or empty, but the keys in {}.msp have founded a ledger there: put the file and its -wal back, or "
    "move that folder away to begin a new ledger": (
        "{} 缺失或为空，但 {}.msp 中的密钥曾在此建立账本：请放回该文件及其 -wal，或移走该文件夹以新建账本"
    ),
    "channel {}, block {}: {}": "通道 {}，区块 {}：{}",
    "a new ledger cannot be made: {} cannot be written ({})": "无法新建账本：{} 不可写（{}）",
    "the first block of channel {} in {} is damaged: verify the ledger": "{1} 中通道 {0} 的首个区块已损坏：请校验账本",
    "{} is damaged: verify the ledger": "{} 已损坏：请校验账本",
    "a block of channel {} is damaged: verify the ledger": "通道 {} 有区块已损坏：请校验账本",
    "there is no transaction {} on channel {}": "没有交易 {}（通道 {}）",
    "{} shows no TLS certificate: {}": "{} 未出示 TLS 证书：{}",
    "transaction {} is in block {} but invalid, {}: {}": "交易 {} 在区块 {} 中但无效，{}：{}",
    "the content belongs to another transaction": "内容属于另一笔交易",
    "the ordering service refuses the transaction: it is not signed by its creator (BAD_CREATOR_SIGNATURE)": (
        "排序服务拒绝该交易：不是由其创建者签署"
    ),
    "there is no channel {}: there are {}": "没有通道 {}：现有 {}",
    "there is no channel {}": "没有通道 {}",
    "this is not a transaction": "不是交易",
    "this is not a proposal": "不是提案",
    "the proposal cannot be read": "无法读取提案",
    "a transaction id is hexadecimal": "交易号须为十六进制",
    "no block has transaction {} yet: ask again later": "尚无区块含交易 {}：请稍后再查",
    "the keys cannot be written to {}: {}": "无法将密钥写入 {}：{}",
    "no certificate can be issued for {}: {}": "无法为 {} 签发证书：{}",
    "the authority in {} cannot be used: {}": "{} 中的证书机构无法使用：{}",
    "the peer of {} cannot endorse: {}": "{} 的节点无法背书：{}",
    "the transaction was not taken into a block: repeat": "交易未进入区块：请重试",
    "{} transactions are waiting to be written: repeat later": "有 {} 笔交易等待写入：请稍后重试",
    "too many calls are being answered at once: repeat later": "同时处理的请求过多：请稍后重试",
    "the message is larger than the peers take: {} bytes": "报文超过节点上限：{} 字节",
    "the proposal's content belongs to another transaction": "提案内容属于另一笔交易",
    "incorrect timestamp: the proposal says {} UTC": "时间有误：提案时间为 {} UTC",
    "access denied: channel [{}] creator org [{}]: the proposal's signature does not fit": (
        "拒绝访问：通道 [{}]，机构 [{}]：提案签名不符"
    ),
    "access denied: channel [{}] creator org [{}]: {} proposes nothing, only a client or an admin does": (
        "拒绝访问：通道 [{}]，机构 [{}]：{} 不能提案，仅客户端或管理员可以"
    ),
    "{} has no peer on channel {}": "{} 在通道 {} 没有节点",
    "duplicate transaction found [{}]: make a new proposal": "交易重复 [{}]：请重新提案",
    "not endorsed: {}": "未获背书：{}",
    "no combination of peers can be derived that satisfies the endorsement policies and holds the private data: name "
    "endorsing organizations, or write the collections one by one": (
        "没有既满足背书政策又持有私有数据的节点组合：请指明背书机构，或分别写入"
    ),
    "ProposalResponsePayloads do not match: the contract is not deterministic, it gave different results for the same "
    "call as {} and as {}": "各节点结果不一致：同一请求在 {} 与 {} 得出不同结果",
    "the key of {}'s peer is not at hand: it cannot endorse": "没有 {} 节点的密钥：无法背书",
    "a transaction makes at most {} requests: ask for less at once": "一笔交易至多 {} 次请求：请减少一次所求",
    "{}: ask for less at once": "{}：请减少一次所求",
    "rich queries need CouchDB; this ledger keeps its state as LevelDB does": "富查询须用 CouchDB；本账本采用 LevelDB",
    "the history of this key points to no transaction: verify the ledger": "该键的历史没有对应交易：请校验账本",
    "chaincode {} on channel {} is already answering this transaction": "通道 {1} 的链码 {0} 正在处理该交易",
    "{} may not read private collection {}: only its members may": "{} 不得读取私有数据集 {}：仅其成员可以",
    "{} may not write private collection {}: only its members may": "{} 不得写入私有数据集 {}：仅其成员可以",
    "the peer of {} does not hold private collection {}": "{} 的节点不持有私有数据集 {}",
    "a chaincode that another one has called writes no private data on an embedded ledger": (
        "内嵌账本中被调用的链码不能写入私有数据"
    ),
    "there is no such iterator: it was closed or read to its end": "没有此迭代器：已关闭或已读完",
    "channel {} has no chaincode {}": "通道 {} 没有链码 {}",
    "the peer of {} has not joined channel {}": "{} 的节点未加入通道 {}",
    "no member has a policy {}: write Endorsement": "没有成员有政策 {}：请写 Endorsement",
    "{} of {} may not endorse: only a peer may": "{1} 的 {0} 不得背书：仅节点可以",
    "{} may not sign blocks: only an orderer may": "{} 不得签署区块：仅排序节点可以",
    "channel {} has no private collection {}": "通道 {} 没有私有数据集 {}",
    "{} is an SQLite file of another program: give the path of a ledger": "{} 是其他程序的 SQLite 文件：请给出账本路径",
    "{} has format {}, this release reads {}: use the release that wrote it": (
        "{} 的格式为 {}，本版本可读 {}：请使用写入它的版本"
    ),
    "{} cannot be read": "无法读取 {}",
    "there is no folder {} for the ledger: make it first": "没有存放账本的文件夹 {}：请先建立",
    "{} is a folder: give the path of a ledger file in it": "{} 是文件夹：请给出其中账本文件的路径",
    "{} cannot be looked at: {}": "无法查看 {}：{}",
    "{} cannot be made: {}": "无法建立 {}：{}",
    "{} is empty: no ledger was ever made there": "{} 为空：此处从未建立账本",
    "{} was closed: connect again": "{} 已关闭：请重新连接",
    "the disk failed while {} was synced, and its last blocks may be lost: look at the disk, close the ledger "
    "everywhere, open it again and verify it": (
        "同步 {} 时磁盘出错，最后的区块可能丢失：请检查磁盘，在各处关闭该账本，再重新打开并校验"
    ),
    "{} was deleted or replaced while it was open: what this process wrote last is not in what stands there now; put "
    "the file back or connect again": "{} 在使用中被删除或替换：最近写入的内容不在现有文件中；请放回文件或重新连接",
    # Fabric's gateway
    "whether transaction {} took effect is not known: ask for its commit status later ({})": (
        "交易 {} 是否生效尚不清楚：请稍后查询其状态（{}）"
    ),
    "the chaincode answers {}: {}": "链码回应 {}：{}",
    "{}: the gateway has too much to do ({})": "{}：网关繁忙（{}）",
    "{}: the peer {} ({})": "{}：节点{}（{}）",
    "this machine's clock is more than 15 minutes off the peers': set it": "本机时钟与节点相差超过 15 分钟：请校准",
    "{}: the peers do not let this identity in ({})": "{}：节点不接受此身份（{}）",
    "{}: the gateway does not answer or cannot reach others ({})": "{}：网关没有回应或无法联系其他节点（{}）",
    "{}: the peer knows no such channel ({})": "{}：节点没有此通道（{}）",
    "{}: this peer has no gateway (Fabric 2.4 and later have one)": "{}：该节点没有网关（Fabric 2.4 起才有）",
    "{}: the transaction is larger than the orderers take ({})": "{}：交易超过排序节点所接受的大小（{}）",
    "{}: the message {} ({})": "{}：报文{}（{}）",
    "at_once is less than one": "at_once 小于一",
    "a call names its channel": "请求须指明通道",
    "{} has no channel {}: its profile names {}": "{} 没有通道 {}：连接配置中有 {}",
    "there is no gateway peer to connect to": "没有可连接的网关节点",
    "this process was forked from one that had already called a gateway, which gRPC does not survive: make the first "
    "call after the fork (gunicorn: in the worker; multiprocessing: by the method spawn)": (
        "本进程由已使用网关的进程派生，gRPC 无法继续使用：请在派生之后首次调用"
    ),
    "{}: the connection was closed meanwhile": "{}：连接已在此期间关闭",
    "the peer has no {} on {} ({})": "节点在 {1} 没有{0}（{2}）",
    "{}: {} ended the stream": "{}：{} 结束了数据流",
    "the content {}": "内容{}",
    "balance {}": "轮询方式{}",
    # hfc
    "transaction {} is in no block yet: ask its commit status later": "交易 {} 尚未进入区块：请稍后查询其状态",
    "no combination of peers on {} may endorse this ({}): name endorsing_organizations": (
        "{} 上没有可背书的节点组合（{}）：请指明背书机构"
    ),
    "discovery on {}: the peer's answer cannot be read": "{} 的节点发现：无法读取节点的回应",
    "the profile names no peer to ask": "连接配置没有可询问的节点",
    "transient values are not sent to other members' peers unasked, and {} has none on {}: name "
    "endorsing_organizations": "私有参数不会自行发送给其他成员的节点，而 {} 在 {} 没有节点：请指明背书机构",
    "the profile knows no endorsing peer of {} on {}": "连接配置没有 {} 在 {} 的背书节点",
    "hfc could not be installed: {} says: {} ({})": "无法安装 hfc：{} 提示：{}（{}）",
    "hfc is not installed in {}: run `eximledger hfc install`": "{} 中未安装 hfc：请运行 eximledger hfc install",
    "{} cannot be started: {}": "无法启动 {}：{}",
    "{} answers {}: {}": "{} 回应 {}：{}",
    "{}: {} does not answer ({})": "{}：{} 没有回应（{}）",
    "order: {}": "排序：{}",
    "{} does not answer ({})": "{} 没有回应（{}）",
    "{} does not let this identity in ({})": "{} 不接受此身份（{}）",
    "{}: a fault in hfc or its worker ({})": "{}：hfc 或其工作进程出错（{}）",
    "{}: the answer {}": "{}：回应{}",
    "{}: {} does not let this identity in ({})": "{}：{} 不接受此身份（{}）",
    "the profile names no orderer of {}": "连接配置没有 {} 的排序节点",
    "the profile names no peer of one's own on {}": "连接配置没有己方在 {} 的节点",
    "the request {}": "请求{}",
    "the hfc worker cannot be started: {}: {}": "无法启动 hfc 工作进程：{}：{}",
    # calls and keys
    "transient: at most {} are taken": "私有参数：至多 {} 个",
    "{}: at most {} bytes are taken": "{}：至多 {} 字节",
    "{}: text is UTF-8": "{}：文本须为 UTF-8",
    "{} is private: its arguments go by transient arg0, arg1, ... alone": "{} 为私有：参数须以私有参数传送",
    "a call names its function: contract:function": "请求须指明函数：合约:函数",
    "there is no function {}; there are {}": "没有函数 {}；现有 {}",
    "{} takes {}, not {}": "{} 须有 {}，而非 {}",
    "{} {}: send less at once": "{} {}：请减少一次所发",
    "{} is {} above zero, not {}": "{} 须为大于零的{}，而非 {}",
    "transient {}: {} random bytes go with a private call": "私有参数 {}：私有请求须附 {} 个随机字节",
    "transient {}: a key has {} bytes": "私有参数 {}：密钥须为 {} 字节",
    "sealed content does not open with this key": "封存内容无法以此密钥打开",
    "the contract failed; tell its operator incident {}": "合约出错；请将事件号 {} 告知运维人员",
    "the result has more than {} bytes: ask for less at once": "结果超过 {} 字节：请减少一次所求",
    "the transaction has ended: nothing more can be asked": "交易已结束：不能再请求",
    "the peer's answer cannot be read": "无法读取节点的回应",
    "the peer's answer holds a time out of range": "节点回应中的时间超出范围",
    "the peer's answer does not fit the request: it has another number of values": "节点回应与请求不符：值的数目不同",
    "this chaincode has no Init: approve its definition without --init-required": "链码没有 Init：批准时请勿要求 Init",
    "a key is Unicode text": "键须为 Unicode 文本",
    "a composite key needs an object type": "复合键须有对象类型",
    "a part of a composite key may not hold U+0000 or U+10FFFF": "复合键的部分不得含 U+0000 或 U+10FFFF",
    "not a composite key": "不是复合键",
    "a key has at most {} bytes": "键至多 {} 字节",
    "a key may not be empty": "键不得为空",
    "an empty value cannot be told from none: delete the key instead": "空值与无值无法区分：请删除该键",
    "a value has at most {} bytes": "值至多 {} 字节",
    "a private data collection has a name": "私有数据集须有名称",
    "a range over simple keys has simple bounds; composite keys have ranges of their own": (
        "简单键的范围须以简单键为界；复合键另有其范围"
    ),
    "a query has at most {} bytes": "查询至多 {} 字节",
    "a page has 1 to {} entries": "每页 1 至 {} 条",
    "a key may not hold U+0000 or U+10FFFF": "键不得含 U+0000 或 U+10FFFF",
    "a chaincode event has a name": "链码事件须有名称",
    "a chaincode has a name": "链码须有名称",
    "not a bookmark of this list": "不是此列表的分页标记",
    "too many changes of one key to list": "一个键的变更过多，无法列出",
    "{} keys or more in one range: ask page by page": "一个范围内有 {} 个键或更多：请分页查询",
}

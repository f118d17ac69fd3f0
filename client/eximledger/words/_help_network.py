"""The Chinese of the help of `eximledger network` and `eximledger channel`, whose commands another package has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["HELP_NETWORK"]

HELP_NETWORK: Final[Mapping[str, str]] = {
    "The language of help and errors.": "帮助和错误的语言。",
    "A Fabric network of the whole consortium in Docker, from one file.": (
        "由一个文件在 Docker 中建立整个联盟的 Fabric 网络。"
    ),
    "A sentence for the others; nothing checks it.": "供他人阅读的说明；不作检查。",
    "Bring ORGANIZATION, newly written into the file, into the running network and its channels.": (
        "将文件中新写入的机构接入运行中的网络及其通道。"
    ),
    "Bring ORGANIZATION's revocation lists.": "更新机构的证书吊销列表。",
    "Bring the network up, or mend what is missing of it.": "启动网络，或补齐缺失部分。",
    "Channels, by files that carry no secret. No key leaves its member.": (
        "通道：以不含秘密的文件办理。密钥不离开其成员。"
    ),
    "Declare a user's or a peer's certificate void: eximbank/maker, eximbank/admin, eximbank/peer0.": (
        "宣布用户或节点的证书作废：eximbank/maker、eximbank/admin、eximbank/peer0。"
    ),
    "Do not ask: what it does has been read.": "不再询问：已阅读其影响。",
    "From raft to BFT, in maintenance.": "在维护状态下由 raft 转为 BFT。",
    "Give ORDERER its new certificates in the channel.": "在通道中更换排序节点的证书。",
    "Give that one another certificate, for another key, at once.": "立即以另一密钥为其签发新证书。",
    "Go into maintenance (on) or out of it (off).": "进入（on）或退出（off）维护状态。",
    "Go on until the node ends.": "持续显示直至节点停止。",
    "Have a proposal take effect that enough have signed; copies signed apart may be given together.": (
        "使签署足数的提议生效；分别签署的副本可一并给出。"
    ),
    "Have ORDERER (a name, or host:port) order no more.": "使排序节点（名称或主机:端口）不再排序。",
    "Have ORDERER (such as orderer0.eximbank), which has joined, order too.": (
        "使已加入的排序节点（如 orderer0.eximbank）参与排序。"
    ),
    "Issue again what expires soon, and restart the nodes one by one.": "重新签发即将到期的证书，并逐一重启节点。",
    "Leave the chaincode out.": "不部署链码。",
    "Let ORGANIZATION (or an MSP id) run orderers no more.": "机构（或 MSP 标识）不再运行排序节点。",
    "Let ORGANIZATION run orderers.": "允许机构运行排序节点。",
    "List all certificates with their expiry, or renew those that expire soon.": (
        "列出全部证书及到期日，或更新即将到期的证书。"
    ),
    "Name administrators of ORGANIZATION by certificate, beside those whom their unit makes one.": (
        "以证书指定机构的管理员（在按组织单元认定者之外）。"
    ),
    "Only the last so many lines.": "仅显示最后若干行。",
    "Print one JSON document.": "输出一份 JSON。",
    "Print the log of NODE, such as peer0.eximbank.": "输出节点日志，如 peer0.eximbank。",
    "Remove ledgers, keys and built images too: nothing stays.": "同时清除账本、密钥和镜像：不留任何内容。",
    "Remove the containers; ledgers and keys stay for the next `up`.": "移除容器；账本和密钥保留供下次 up。",
    "Roll ORGANIZATION's root certificates: --beside, then, when all is issued anew, --alone.": (
        "更换机构根证书：先 --beside，全部重新签发后再 --alone。"
    ),
    "Say in words what a channel's first block holds; or what a proposal would change and who has to sign, computed "
    "from the channel as it is.": ("说明通道首区块的内容；或按通道现状说明提议将变更什么、须由谁签署。"),
    "Show a proposal, and sign it with the organisation's administrator's key.": "显示提议，并以机构管理员的密钥签署。",
    "Show every node with its health and its channels. Exit code 1 when something is not well, 3 when all is and "
    "a certificate expires within 30 days.": (
        "显示各节点的状态及其通道。有异常时退出码为 1；一切正常但有证书 30 天内到期时为 3。"
    ),
    "Show every node with its health and its channels. Exit code 1 when something is not well.": (
        "显示各节点的状态及其通道。有异常时退出码为 1。"
    ),
    "Soon: within so many days.": "即将：若干天之内。",
    "Start what was stopped.": "启动已停止的容器。",
    "Stop the containers, to go on later with `start`.": "停止容器，之后以 start 继续。",
    "Take ORGANIZATION (or an MSP id) out of the members.": "将机构（或 MSP 标识）移出成员。",
    "Take ORGANIZATION in as a member.": "接纳机构为成员。",
    "The consortium's file; ./consortium.yaml when it is there, else the default consortium. Of a member: "
    "./member.yaml.": ("联盟文件；默认为 ./consortium.yaml，没有则用内置联盟。成员则为 ./member.yaml。"),
    "The member's file, ./member.yaml else; with --as the consortium's.": (
        "成员文件，默认为 ./member.yaml；与 --as 同用时为联盟文件。"
    ),
    "The feature LEVEL (V3_0) of PART: channel, orderer or application.": (
        "某部分（channel、orderer 或 application）的功能级别（V3_0）。"
    ),
    "The file to write.": "写入的文件。",
    "The policy at PATH (Application/Admins) asks for TEXT.": "位于 PATH（Application/Admins）的策略要求 TEXT。",
    "Upgrade the chaincode on every channel to what the file says, without a pause.": "按文件不停机升级各通道的链码。",
    "When a block is cut.": "出块条件。",
    "Where ORGANIZATION's orderers answer.": "机构排序节点的地址。",
    "Where ORGANIZATION's peers are found.": "机构节点的地址。",
    "Where to; else into the first file.": "写入何处；默认写入首个文件。",
    "Which channel.": "哪个通道。",
    "Where all members are on this machine: whose administrator acts.": ("所有成员均在本机时：以谁的管理员办理。"),
    "Without a file: the whole configuration of this channel.": "没有文件时：该通道的全部配置。",
    "Write a change of a channel into a file, for others to show and sign.": "将通道变更写入文件，供他人查看并签署。",
    "Write a compose.yaml that starts the same containers without this program.": (
        "写出 compose.yaml，可不经本程序启动相同的容器。"
    ),
    "Write the default consortium.yaml, with comments, into FOLDER for you to edit.": (
        "将带注释的默认 consortium.yaml 写入文件夹供编辑。"
    ),
}

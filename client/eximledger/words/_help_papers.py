"""The Chinese of the command line's help on papers, consents, the demo, the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["HELP_PAPERS"]

HELP_PAPERS: Final[Mapping[str, str]] = {
    (
        "Exit codes: 0 done (for a check: approvable), 3 verdict refer, 4 verdict reject, 5 some of many files"
        " refused, 2 wrong usage, 1 anything else."
    ): (
        "退出码：0 完成（审查时为可批准），3 结论为转人工审查，4 结论为拒绝，5 部分文件未受理，2 用法错误，1 其他错误。"
    ),
    "Where the bytes are: folder:PATH, or s3:https://HOST/BUCKET/PREFIX with its key in AWS_ACCESS_KEY_ID.": (
        "文件内容的位置：folder:路径，或 s3:https://主机/桶/前缀（密钥在 AWS_ACCESS_KEY_ID）。"
    ),
    "Where it is written; by its own name here unless given. Nothing is overwritten.": (
        "写入位置；默认以原名写在当前文件夹。不覆盖已有文件。"
    ),
    "The bank whose paper it is; SAFE says it.": "哪家银行的单据；由外汇局指明。",
    "The JSON Schema of a kind of paper, or of all: JSON as it is, on a terminal, in a pipe and in a file.": (
        "某类或全部单据的 JSON Schema：在终端、管道和文件中均为原样 JSON。"
    ),
    "Whose paper, where several carry the number.": "多份单据号码相同时，谁的单据。",
    "Write an attached file, checked by its hash, by eight digits of that or by its name.": (
        "按哈希前八位或名称写出附件，并按哈希核对。"
    ),
    (
        "A paper that stands there already with another content is amended: its history keeps both. Of FILEs"
        " nothing is filed when one of them cannot be read. With a folder, or more than 100 files, each file"
        " that can be read is filed and the others are counted by reason. Interrupted, the same command goes"
        " on: files are known by their hash."
    ): (
        "已有而内容不同的单据视为更正：历史保留两个版本。指定 FILE 时有一个不能读取即全部不提交；指定文件"
        "夹或超过 100 个文件时，可读取的逐个提交，其余按原因计数。中断后重复同一命令即可继续：文件按哈希"
        "识别。"
    ),
    "Of a folder: write a line for each file, what became of it and what of it no paper holds.": (
        "对文件夹：逐个文件写一行，说明其结果及未被读取的内容。"
    ),
    "Write a workbook to fill in: headers, types, allowed values, notes and an example row.": (
        "写出供填写的工作簿：表头、类型、允许值、说明和示例行。"
    ),
    "Where to write it; KIND.xlsx in this folder by default.": "写入位置；默认为当前文件夹的 KIND.xlsx。",
    "Of a folder: read and file also what was filed before.": "对文件夹：此前已提交的也重新读取并提交。",
    "One attached file.": "一个附件。",
    (
        "Attach scans (PDF, JPEG, PNG, TIFF, WebP) to a paper that is filed: hash, size and name go on the"
        " ledger, for the bank and SAFE alone, the bytes beside it. They are shown, and never read as data."
    ): (
        "为已提交的单据附上扫描件（PDF、JPEG、PNG、TIFF、WebP）：哈希、大小和名称记入账本，仅银行和外汇局"
        "可见，内容存于账本旁。仅供查看，不作为数据读取。"
    ),
    "Customs' forms are customs' own declarations.": "海关格式为海关自己的报关单。",
    "What is attached to a paper, in the order in which it came.": "单据的附件，按附上的顺序。",
    (
        "Exit code 0 everything is filed, 5 some files were refused, 1 all were, or the ledger could not be reached."
    ): "退出码 0 全部提交，5 部分文件未受理，1 全部未受理或账本无法访问。",
    "Export finance on one consortium ledger: papers, loans, balances.": "联盟账本上的出口融资：单据、贷款、余额。",
    (
        "Exit codes: 0 done (for a check: approvable), 3 verdict refer, 4 verdict reject, 2 wrong usage, 1"
        " anything else."
    ): "退出码：0 完成（审查时为可批准），3 结论为转人工审查，4 结论为拒绝，2 用法错误，1 其他错误。",
    "Show the version and exit.": "显示版本并退出。",
    "embedded:PATH, the path of a connection profile, or hfc:PATH of one.": (
        "embedded:路径、连接配置文件的路径，或 hfc:连接配置文件路径。"
    ),
    "In whose name: eximbank, eximbank/checker, customs, safe.": (
        "以谁的名义：eximbank、eximbank/checker、customs、safe。"
    ),
    "Print one JSON document on standard output.": "在标准输出打印一份 JSON 文档。",
    "The language of tables, findings, help and errors.": "表格、问题、帮助与错误信息的语言。",
    (
        "Copy the ledger and its keys into a new FILE, as they are at one moment, while others go on; and"
        " verify the copy."
    ): "将账本及其密钥按某一时刻备份到新文件 FILE，期间他人可继续使用；并验证备份。",
    "FILE holds every member's keys and private papers: keep it as the ledger is kept.": (
        "FILE 含各成员的密钥和私有单据：请与账本同样保管。"
    ),
    "What a declaration is worth, what is collected, what loans hold of it, what is free.": (
        "报关单的价值、已收汇、贷款占用和可用金额。"
    ),
    "Papers that are on no ledger yet.": "尚未登记到任何账本的单据。",
    "Reconcile a FOLDER of papers in any supported format with its application.json; stores nothing.": (
        "按 application.json 核对文件夹 FOLDER 中任何支持格式的单据；不保存任何内容。"
    ),
    "The exporter of papers that do not carry one.": "单据未载明出口商时填写。",
    "Write the report as a page or as a PDF, too.": "同时将报告写成网页或 PDF。",
    "What exporters let banks read: filed from the papers that `eximledger exporter` signs.": (
        "出口商准许银行查阅的内容：由 `eximledger exporter` 签署的文件登记。"
    ),
    (
        "File the authorisation or the revocation in FILE. A revocation purges the copies that nothing else allows."
    ): "登记 FILE 中的授权书或撤销书。撤销后，别无授权的副本将被清除。",
    (
        "Say which declarations this bank's loans hold, so that what becomes of them is known after an authorisation"
        " ends."
    ): "申报本行贷款占用的报关单，以便授权终止后仍知其变化。",
    "To be repeated as loans begin and end, once a day say.": "贷款发放和终止后应重复执行，例如每日一次。",
    "Have customs and SAFE copy the exporter's declarations for this bank, with its class and receipts.": (
        "请海关和外汇局为本行复制出口商的报关单、分类和收汇。"
    ),
    "Checking a loan does it by itself.": "审查贷款时会自动执行。",
    "Whose receipts are wanted; repeat it.": "需要谁的收汇；可重复。",
    "A receipt wanted; repeat it.": "需要的收汇凭证；可重复。",
    (
        "Purge a bank's copies of an exporter that no authorisation allows and no loan holds; nothing where one stands."
    ): "清除没有授权且没有贷款占用的出口商副本；仍有授权时不清除。",
    "Filing a revocation does it on the channels of who files. Where that was customs, SAFE does the rest.": (
        "登记撤销书时，在登记人的通道上自动执行。登记人为海关时，其余由外汇局执行。"
    ),
    "Whose copies.": "谁的副本。",
    "What an exporter has ever let a bank read.": "出口商曾准许银行查阅的全部内容。",
    "Which bank; this one unless customs or SAFE asks.": "哪家银行；除海关或外汇局查询外为本行。",
    "Open the console for one officer: a link that works once, on this machine only. Ctrl-C ends it.": (
        "为一名人员打开控制台：链接仅可使用一次，仅限本机。按 Ctrl-C 结束。"
    ),
    "Where to listen; any free port by default.": "监听地址；默认任一空闲端口。",
    "Only print the address.": "只打印地址。",
    "Where the mirror of the lists is kept; beside an embedded ledger by default.": (
        "列表镜像库的位置；默认在嵌入式账本旁。"
    ),
    "A ledger with both demo cases in FOLDER, made where it is not there, and a switch between all officers.": (
        "在 FOLDER 中建立含两个演示案例的账本（如尚无），可切换全部人员。"
    ),
    "The members, and what they vote on: a majority decides.": "成员及其表决事项：过半数决定。",
    (
        "Vote for CERTIFICATE as an exporters' authority: what exporters sign under it counts once a majority has."
    ): "表决 CERTIFICATE 为出口商证书机构：过半数后，出口商据其签署的文件有效。",
    "The member that runs the authority.": "运行该机构的成员。",
    "Vote for the floors in FILE (JSON): what no bank's policy goes under, and how consent may be given.": (
        "表决 FILE（JSON）中的底线：各银行政策不得低于的标准，以及授权的方式和期限。"
    ),
    "The members and their roles, and who runs an exporters' authority.": (
        "成员及其角色，以及由谁运行出口商证书机构。"
    ),
    "The business day: SAFE opens it; nothing is approved or disbursed without one.": (
        "营业日：由外汇局开启；未开启时不批准、不放款。"
    ),
    "Open a business day, today's in China unless DAY is given, or the same one anew; as SAFE.": (
        "以外汇局名义开启营业日：未指定 DAY 时为中国当日，也可重新开启同一日。"
    ),
    "The business day that SAFE opened last.": "外汇局最近开启的营业日。",
    (
        "The secret under which papers of all banks are looked up: SAFE makes the next one, moves what stands, and"
        " retires the older."
    ): "跨行比对单据所用密钥：由外汇局更换、迁移既有标记并停用旧密钥。",
    "Which generations of the secret are looked up.": "哪几代比对密钥仍在使用。",
    "Make the next generation; papers are entered under it from the next business day that is opened.": (
        "更换为下一代比对密钥：自下一次开启营业日起用于登记单据。"
    ),
    "Move what stands in the register to the newest generation; interrupted, give it again.": (
        "将登记簿中的标记迁移到最新一代比对密钥；中断后重新执行即可继续。"
    ),
    "Purge the older generation's secret; refused while anything stands under it.": (
        "清除上一代比对密钥；仍有标记使用时拒绝。"
    ),
    (
        "Walk a case. Dongyu's: three members' papers, a refusal, corrections, an approval, a repayment. Packing:"
        " a loan before shipment that becomes an export bill."
    ): ("演示一个案例。东裕案例：三个成员的单据、拒绝、更正、批准、还款。打包案例：出运前的贷款转为出口押汇。"),
    "The papers are dated from today. Both cases can be walked on one ledger, with the same --folder.": (
        "单据日期自当日起算。两个案例可用同一 --folder 在同一账本上演示。"
    ),
    "Where the reports and the exporters' authority go, and a new ledger unless --ledger names one.": (
        "报告和出口商证书机构的位置；未用 --ledger 指定时也是新账本的位置。"
    ),
    "Which: a loan that is refused first, or a packing loan on a letter of credit.": (
        "哪个案例：先被拒绝的贷款，或信用证项下的打包贷款。"
    ),
    (
        "Let the exporter of PAPERS (see `demo papers`) sign what both banks may read, on a ledger of this machine."
    ): "在本机账本上，由 PAPERS（见 `demo papers`）的出口商签署两家银行可查阅的内容。",
    (
        "It plays an exporters' authority, the members who vote for it and the exporter: on a consortium of"
        " many hosts each of these is somebody else's (`eximledger exporter`, `eximledger consortium`)."
    ): (
        "由本命令扮演出口商证书机构、表决成员和出口商：在多主机联盟中各由他人承担（`eximledger exporter`"
        "、`eximledger consortium`）。"
    ),
    "Write a case's papers into a new FOLDER, to be filed by hand.": "将案例单据写入新文件夹 FOLDER，供手工提交。",
    "They are dated from today: a ledger takes an application on its day and three days around it.": (
        "日期自当日起算：账本只受理申请当日及前后三天的申请。"
    ),
    "The day on which the case happens.": "案例发生的日期。",
    "Trade papers on their channels.": "各通道上的贸易单据。",
    "The latest version of a paper, by its ledger ID or its bare number.": "单据的最新版本，按账本编号或单据号码。",
    "Only this exporter's papers.": "仅此出口商的单据。",
    "The bank whose paper it is, where several have it.": "多家银行都有时，哪家银行的单据。",
    "Every version of a paper, newest first.": "单据的全部版本，最新在前。",
    "Papers of a kind, a page at a time.": "某类单据，逐页显示。",
    "At most so many.": "最多显示的数量。",
    "Go on where the page before ended.": "从上一页结束处继续。",
    "File papers; the format of each FILE is found out, a folder stands for the files in it.": (
        "提交单据；自动识别每个 FILE 的格式，文件夹代表其中的文件。"
    ),
    (
        "A paper that stands there already with another content is amended: its history keeps both. Nothing"
        " is filed when one of the files cannot be read."
    ): "已有而内容不同的单据视为更正：历史保留两个版本。有一个文件不能读取时，全部不提交。",
    "Declarations in the files are the exporter's own copies.": "文件中的报关单为企业留存联。",
    "Customs' forms in the files are customs' own declarations.": "文件中的海关格式为海关自己的报关单。",
    "Read and report only; file nothing.": "只读取并报告，不提交。",
    "Which banks were given declarations; for customs and SAFE.": "哪些银行获得了报关单；供海关和外汇局使用。",
    "The JSON Schema of a kind of paper.": "某类单据的 JSON Schema。",
    "An exporter's consent: its key, and signed papers that let a bank read of it, or take that back.": (
        "出口商的授权：密钥，以及准许或收回银行查阅的签署文件。"
    ),
    "Sign an authorisation: a bank may read what is named, for a time. NUMBER is the exporter's own choice.": (
        "签署授权书：准许银行在一定期限内查阅所列内容。NUMBER 由出口商自定。"
    ),
    "The exporter's, made by `enrol`.": "出口商的密钥文件夹，由 `enrol` 建立。",
    "Who may read.": "可查阅的银行。",
    "What; repeat it.": "查阅内容；可重复。",
    "The first day; today in China unless given.": "起始日；默认为中国当日。",
    "The last day.": "截止日。",
    "What for, in a line.": "用途，一行。",
    "Default: KIND-NUMBER.json.": "默认：KIND-NUMBER.json。",
    "Replace what is there.": "替换已有内容。",
    (
        "Make an exporters' authority in FOLDER: a key, which stays there, and the certificate that members vote in."
    ): "在 FOLDER 中建立出口商证书机构：密钥留存其中，证书由成员表决。",
    "What the authority is called.": "机构名称。",
    "Who runs it; the same as --name unless given.": "由谁运行；默认同 --name。",
    "Issue the exporter USCC its certificate, with a new key unless --request brings one.": (
        "为出口商 USCC 签发证书；除用 --request 提交外生成新密钥。"
    ),
    "Who enrols.": "签发机构。",
    "The company's name.": "公司名称。",
    "A folder for the exporter's key and certificate.": "存放出口商密钥和证书的文件夹。",
    "The exporter's certificate request; its key then never leaves it.": "出口商的证书请求；其密钥始终由出口商持有。",
    "Sign the revocation of authorisation NUMBER. It counts from the moment that it is filed.": (
        "签署授权书 NUMBER 的撤销书。自登记时起生效。"
    ),
    "Of the paper; today in China unless given.": "文件日期；默认为中国当日。",
    "Why, in a line.": "理由，一行。",
    (
        "What the signed paper in FILE says. Exit code 1 where --authority is given and the signature does not count."
    ): "FILE 中签署文件的内容。指定 --authority 而签名无效时退出码为 1。",
    "An exporters' authority's certificate: check the signature under it, as of now; repeat it.": (
        "出口商证书机构的证书：据以核验当前签名；可重复。"
    ),
    "fabric-sdk-py for Fabric 2.3 and older: its own environment, used by --ledger hfc:PROFILE.": (
        "用于 Fabric 2.3 及更早版本的 fabric-sdk-py：独立环境，由 --ledger hfc:PROFILE 使用。"
    ),
    "Make the environment from pinned, hashed distributions. Does nothing where it is ready.": (
        "以固定版本并校验哈希的发行包建立环境。已就绪时不做任何事。"
    ),
    "pip's own settings hold: HTTPS_PROXY, PIP_INDEX_URL, pip.conf.": (
        "pip 自身的设置有效：HTTPS_PROXY、PIP_INDEX_URL、pip.conf。"
    ),
    "Take the distributions from this folder, not from an index.": "从此文件夹而非软件源取得发行包。",
    "The interpreter to use, 3.11 or 3.12; without it, the one that runs this command.": (
        "使用的解释器，3.11 或 3.12；默认为运行本命令的解释器。"
    ),
    "Print what `install` installs, as pip reads it: to fill a folder for --wheels.": (
        "按 pip 的格式打印 `install` 安装的内容：用于准备 --wheels 的文件夹。"
    ),
    "Whether the environment is ready, and where it is. Exit code 0 when it is, 1 otherwise.": (
        "环境是否就绪及其位置。就绪时退出码为 0，否则为 1。"
    ),
    (
        "The ledger's own state: of an embedded ledger its file, which needs no key; on Fabric what the peer says."
    ): "账本自身的状态：嵌入式账本为其文件，无需密钥；Fabric 上为节点所述。",
    "Members, channels, heights and sizes.": "成员、通道、高度和大小。",
    "Declare a user's certificate void, on every channel of the member. The blocks say since when.": (
        "在成员的全部通道上吊销用户证书。区块记录自何时起。"
    ),
    "Give the user another certificate, for another key, at once.": "同时为用户换发新密钥的证书。",
    "Walk every block: hashes, signatures, endorsements, state. Names the first block that was touched.": (
        "逐块检查：哈希、签名、背书、状态。指出首个被改动的区块。"
    ),
    (
        "Exit code 0 when nothing was, 1 otherwise. Interrupted, it goes on at the next call. On Fabric the peer has"
        " checked all that; here its blocks are read again, and that they are chained by their hashes."
    ): (
        "未被改动时退出码为 0，否则为 1。中断后，下次调用时继续。"
        "Fabric 上节点已做全部检查；此处重读区块，检查其哈希链。"
    ),
    "Where the last one was interrupted, look at everything again.": "上次检查若被中断，重新全部检查。",
}

package wire

// textsAttest are the messages about TPMs: how they prove themselves, by which
// lists they are known, and what the doctor finds before a PC is issued.
var textsAttest = map[string]Text{
	"attestation.malformed":      {"TPMの証明の内容が正しくありません。", "エージェントを最新版にして、もう一度登録してください。", "The TPM's proof is not well formed.", "Update the agent and enrol again."},
	"attestation.ek_unsupported": {"このPCのTPMの承認鍵（EK）の種類には対応していません。", "RSA 2048またはP-256のEKを持つTPM 2.0のPCを使ってください。", "This kind of endorsement key is not supported.", "Use a PC whose TPM 2.0 has an RSA 2048 or P-256 endorsement key."},
	"attestation.ek_certificate": {"TPMの証明書が、このTPMのものではありません。", "PCが改造されていないか確かめ、管理者に連絡してください。", "The TPM's certificate is for another TPM.", "Make sure that the PC was not altered and tell your administrator."},
	"attestation.key_attributes": {"このPCの鍵は、TPMから取り出せない鍵として作られていません。", "エージェントを最新版にして、もう一度登録してください。続くときは管理者に連絡してください。", "This PC's key was not made as one that never leaves the TPM.", "Update the agent and enrol again; tell your administrator if it goes on."},
	"attestation.challenge_over": {"TPMの証明に時間がかかりすぎたか、同じ証明が繰り返されました。", "もう一度登録してください。続くときはPCを再起動してください。", "The TPM's proof took too long, or was repeated.", "Enrol again; restart the PC if it goes on."},
	"attestation.not_activated":  {"このPCのTPMは、名乗った鍵を持っていることを証明できませんでした。", "PCが改造されていないか確かめ、管理者に連絡してください。ソフトウェア鍵への切り替えは自動では行いません。", "This PC's TPM could not prove that it holds the key it names.", "Make sure that the PC was not altered and tell your administrator. A weaker key is never used by itself."},
	"attestation.foreign_ak":     {"このPCの鍵は、別のTPMの鍵で証明されています。", "PCが改造されていないか確かめ、管理者に連絡してください。", "This PC's key was certified by another TPM's key.", "Make sure that the PC was not altered and tell your administrator."},
	"attestation.stale":          {"TPMの証明が、この登録のためのものではありません。", "もう一度登録してください。続くときは管理者に連絡してください。", "The TPM's proof was not made for this enrolment.", "Enrol again; tell your administrator if it goes on."},
	"attestation.other_key":      {"登録しようとした鍵が、TPMが証明した鍵と違います。", "PCが改造されていないか確かめ、管理者に連絡してください。", "The key to be enrolled is not the one that the TPM certified.", "Make sure that the PC was not altered and tell your administrator."},
	"attestation.not_listed":     {"このPCのTPMは、許可リストになく、信頼する製造元の証明書もありません。", "このPCで「sekisho-agent doctor」を実行し、表示されたEKの値を管理者に伝えて、許可リストに追加してもらってください。", "This PC's TPM stands on no list and has no certificate of a trusted maker.", "Run sekisho-agent doctor on this PC and give your administrator the EK value that it prints, to be added to the list."},
	"attestation.not_found":      {"この項目は、すでに削除されています。", "画面を読み込み直してください。", "This entry is gone already.", "Reload the page."},
	"attestation.ca_invalid":     {"認証局の証明書として読み取れません。", "TPMの製造元が公開している認証局の証明書（PEMまたはDER）を、1つだけ選んでください。", "This is not the certificate of an authority.", "Choose one certificate (PEM or DER) as the TPM's maker publishes it."},
	"attestation.ca_known":       {"この認証局は、すでに信頼しています。", "そのまま使えます。", "This authority is trusted already.", "Nothing needs to be done."},
	"attestation.full":           {"登録できる数の上限に達しています。", "使わなくなった項目を削除してから、もう一度お試しください。", "There is no room for more entries.", "Remove what is no longer used, then try again."},

	"attestation.csv_encoding":  {"文字コードがUTF-8ではありません。", "表計算ソフトで「CSV UTF-8」を選んで保存し直してください。", "The file is not in UTF-8.", "Save it again as CSV UTF-8."},
	"attestation.csv_header":    {"1行目の列名が正しくありません。", "1行目を「ek_sha256」または「ek_sha256,label」にしてください。", "The column names in the first line are not right.", "Begin with ek_sha256, or with ek_sha256,label."},
	"attestation.csv_row":       {"列の数が1行目と違うか、引用符が閉じていません。", "列の数と引用符を直してください。", "The number of columns differs from the first line, or a quotation mark is not closed.", "Correct the columns and quotation marks."},
	"attestation.csv_hash":      {"EKの値が正しくありません。", "SHA-256を16進数64文字で入力してください。「sekisho-agent doctor」が表示する値です。", "This is not an EK value.", "Enter the 64 hexadecimal digits of a SHA-256, as sekisho-agent doctor prints them."},
	"attestation.csv_label":     {"ラベルが長すぎるか、使えない文字があります。", "64文字以内にし、先頭を = + - @ 以外にしてください。", "The label is too long or holds characters that cannot be used.", "Use at most 64 characters, the first of them none of = + - @."},
	"attestation.csv_duplicate": {"同じEKの値が、前の行にもあります。", "重複している行を削除してください。", "The same EK value stands on an earlier line.", "Delete one of the lines."},
	"attestation.csv_empty":     {"登録するEKが1件もありません。", "2行目からEKの値を入力してください。", "The file holds no EK value.", "Enter the values from the second line on."},
	"attestation.csv_too_long":  {"ファイルが大きすぎます。", "1万件、1MB以内に分けてください。", "The file is too long.", "Split it into files of at most 10,000 rows and 1 MB."},

	"enrolment.unproved":   {"このPCは、TPMの証明を送っていません。", "エージェントを最新版にして、新しい登録コードで登録し直してください。", "This PC sent no proof of its TPM.", "Update the agent and enrol with a new code."},
	"device.tpm_cleared":   {"このPCのTPMが初期化され、鍵が失われました。", "「登録し直す」を押し、管理者の承認を受けてください。新しい登録コードは要りません。", "This PC's TPM was cleared and has lost its key.", "Press Enrol again and have your administrator approve it. No new code is needed."},
	"device.tpm_replaced":  {"このPCのTPMが、登録したときのものと違います。", "基板を交換したPCか、ディスクを別のPCに移したPCです。管理者に連絡し、新しい登録コードで登録し直してください。", "This is not the TPM with which this PC was enrolled.", "Its board was replaced, or its disk comes from another PC. Tell your administrator and enrol with a new code."},
	"device.tpm_lockout":   {"TPMが一時的にロックされています。", "間違ったパスワードが続いたためです。時間をおいてもう一度お試しください。急ぐときは管理者に連絡してください。", "The TPM has locked itself for a while.", "Some program gave it too many wrong passwords. Try again later, or tell your administrator."},
	"device.tpm_owned":     {"TPMの承認鍵に、別のパスワードが設定されています。", "PCの設定でTPMを初期化してから、もう一度登録してください。初期化の前に、暗号化されたディスクの回復キーを控えてください。", "The TPM's endorsement keys are held under another password.", "Clear the TPM in the PC's firmware settings and enrol again. Note the recovery key of an encrypted disk first."},
	"device.tpm_not_asked": {"サーバーからの確認が、このPCのTPMに向けたものではありません。", "途中で通信を中継する機器やソフトがないか確かめて、もう一度登録してください。", "The server's challenge was not for this PC's TPM.", "Make sure that nothing relays your connection, then enrol again."},

	"doctor.unfit":                  {"このPCには、使用の妨げになる問題があります。", "「不可」の項目を直してから、もう一度確かめてください。", "Something would hinder the use of this PC.", "Correct what is marked BAD, then look again."},
	"doctor.fit":                    {"このPCの使用を妨げる問題は見つかりませんでした。", "登録コードで登録できます。", "Nothing was found that would hinder this PC.", "It can be enrolled with a code."},
	"doctor.software_key":           {"このPCはソフトウェア鍵を使う設定です。", "TPMのあるPCでは、agent.toml の software_key を「false」にしてください。ソフトウェア鍵は、検知ポリシーで認めた場合だけ使えます。", "This PC is set to keep its key in software.", "On a PC with a TPM set software_key to false in agent.toml. Software keys work only where a policy names them."},
	"doctor.algorithms_missing":     {"TPMに、必要な暗号方式がありません。", "ファームウェアを更新するか、別のPCを使ってください。", "The TPM lacks algorithms that are needed.", "Update its firmware or use another PC."},
	"doctor.ek_without_certificate": {"TPMに、製造元の証明書がありません。", "上の値を許可リストに追加すると保証レベルはA、追加しなければ照合コードの確認でBになります。", "The TPM keeps no certificate of its maker.", "With the value above on the list the PC reaches tier A; otherwise comparing fingerprints makes it tier B."},
	"doctor.server_unknown":         {"接続先のサーバーが分からないため、通信と時計は確かめていません。", "登録コードを付けて、もう一度実行してください。コードは使用済みになりません。", "The server is not known, so neither the line nor the clock was looked at.", "Run it again with an enrolment code; that does not use it up."},
	"doctor.clock_off":              {"PCの時計が、サーバーの時計と違います。", "PCの日付と時刻を、インターネット時刻サーバーに合わせてください。", "The PC's clock differs from the server's.", "Set the PC's date and time by a time server."},
	"doctor.folder_closed":          {"エージェントのフォルダーに書き込めません。", "エージェントの実行アカウントで実行するか、フォルダーの権限を確かめてください。", "The agent's folder cannot be written to.", "Run this under the agent's account, or check the folder's permissions."},
	"doctor.folder_full":            {"ディスクの空きが足りません。", "512MB以上の空きを作ってください。", "The disk is nearly full.", "Make room for at least 512 MB."},
	"doctor.camera_none":            {"カメラが見つかりません。", "本人認証（顔認証）を使う方のPCには、カメラをつないでください。", "No camera was found.", "Connect one if the person uses face checks."},
	"doctor.camera_unknown":         {"カメラを確かめられませんでした。", "ブラウザーでカメラの映像が見えるか確かめてください。", "It cannot be told whether there is a camera.", "See whether a browser shows its picture."},
}

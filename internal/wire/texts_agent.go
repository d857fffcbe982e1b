package wire

// textsAgent are the messages of the rooms of agent: what is wrong and what to do, ja and en.
var textsAgent = map[string]Text{
	"settings.malformed": {"設定ファイルに誤りがあります。", "表示された行を直してから、もう一度起動してください。", "The configuration file has a mistake.", "Correct the line that is named, then start again."},

	"device.key_lost":        {"このPCの鍵が、このPCのTPMで使えません。", "TPMが初期化されたか、別のPCの鍵です。管理者に新しい登録コードを依頼し、登録し直してください。", "This PC's TPM does not know this PC's key.", "The TPM was cleared, or the key is another PC's. Ask your administrator for a new enrolment code and enrol again."},
	"device.key_missing":     {"このPCの鍵がありません。", "管理者に登録コードを依頼し、登録してください。", "This PC has no key.", "Ask your administrator for an enrolment code and enrol."},
	"device.key_damaged":     {"このPCの鍵のファイルが壊れているか、他の利用者に読める状態です。", "管理者に新しい登録コードを依頼し、登録し直してください。", "This PC's key file is damaged, or other users can read it.", "Ask your administrator for a new enrolment code and enrol again."},
	"device.key_other_kind":  {"鍵の種類が設定と違います。", "設定ファイルの software_key を確かめるか、登録し直してください。弱い鍵への切り替えは自動では行いません。", "The key is of another kind than the configuration says.", "Check software_key in the configuration, or enrol again. A weaker key is never used by itself."},
	"device.tpm_missing":     {"TPM 2.0が見つかりません。", "PCの設定でTPMを有効にしてから、もう一度お試しください。", "No TPM 2.0 was found.", "Switch the TPM on in the PC's firmware settings and try again."},
	"device.tpm_denied":      {"TPMを使う権限がありません。", "管理者に連絡してください。エージェントの実行アカウントにTPMの利用を許可する必要があります。", "The agent may not use the TPM.", "Tell your administrator: the agent's account needs access to the TPM."},
	"device.tpm_timeout":     {"TPMが応答しません。", "少し待ってからもう一度お試しください。続くときはPCを再起動してください。", "The TPM does not answer.", "Wait a moment and try again; restart the PC if it goes on."},
	"device.tpm_failed":      {"TPMの処理に失敗しました。", "PCを再起動してください。続くときは管理者に連絡してください。", "The TPM refused an act.", "Restart the PC; tell your administrator if it goes on."},
	"device.sealed_unusable": {"このPCに保管した顔の情報が使えません。", "別のPCのものか、書き換えられています。SVの立ち会いで、顔を登録し直してください。", "What this PC keeps of your face cannot be used.", "It is another PC's, or was altered. Enrol your face again with a supervisor as witness."},

	"enrolment.other_roots":   {"接続先のサーバーが、登録コードのサーバーと違います。", "登録を中止しました。秘密の情報は送っていません。管理者に連絡してください。", "This is not the server that the enrolment code names.", "Enrolment was stopped and nothing secret was sent. Tell your administrator."},
	"enrolment.none":          {"このPCは登録されていません。", "管理者に登録コードを依頼し、登録してください。", "This PC is not enrolled.", "Ask your administrator for an enrolment code and enrol."},
	"enrolment.pending":       {"管理者の確認を待っています。", "この画面の照合コードを管理者に伝え、管理画面のものと同じか確かめてもらってください。", "Waiting for your administrator.", "Read the fingerprint on this screen to your administrator, who compares it with the console."},
	"enrolment.state_damaged": {"登録の記録が壊れています。", "管理者に新しい登録コードを依頼し、登録し直してください。", "The record of this PC's enrolment is damaged.", "Ask your administrator for a new enrolment code and enrol again."},

	"server.unreachable":      {"サーバーに接続できません。", "インターネット接続を確かめて、もう一度お試しください。", "The server cannot be reached.", "Check your internet connection and try again."},
	"server.not_ours":         {"接続先は、このPCが登録されたサーバーではありません。", "接続を中止しました。別のネットワークで試し、続くときは管理者に連絡してください。", "This is not the server that this PC belongs to.", "The connection was stopped. Try another network; tell your administrator if it goes on."},
	"server.answer_malformed": {"サーバーの応答が正しくありません。", "少し待ってからもう一度お試しください。続くときは管理者に連絡してください。", "The server's answer makes no sense.", "Wait a moment and try again; tell your administrator if it goes on."},
	"audit.forked":            {"サーバーの監査ログが、このPCが覚えているものの続きではありません。", "接続を中止しました。監査ログが書き換えられたか、古い状態に戻された可能性があります。管理者と情報セキュリティ責任者に連絡してください。食い違いを示す記録は、このPCに残してあります。", "The server's audit log does not continue the one that this PC remembers.", "The connection was stopped: the log may have been rewritten or put back. Tell your administrator and an information security officer. What was shown is kept on this PC."},
	"tunnel.broken":           {"サーバーとの接続が切れました。", "自動で接続し直します。続くときはインターネット接続を確かめてください。", "The connection to the server broke.", "It is being restored; check your internet connection if it goes on."},

	"evidence.outbox_full": {"送信を待つ記録がいっぱいです。", "サーバーにつながり、記録が送られるまで業務は始められません。接続したままお待ちください。", "Too many sealed records wait to be sent.", "Work cannot start until they have been sent. Stay connected and wait."},
	"evidence.no_roster":   {"記録を封印する相手（情報セキュリティ責任者の名簿）が確かめられません。", "業務は始められません。管理者に連絡してください。", "The roster to whom records are sealed cannot be verified.", "Work cannot start. Tell your administrator."},

	"face.template_swapped": {"このPCに保管した顔の情報が、登録されたものと違います。", "書き換えられた可能性があります。SVの立ち会いで、顔を登録し直してください。", "What this PC keeps of your face is not what was enrolled.", "It may have been altered. Enrol your face again with a supervisor as witness."},
	"face.picture_missing":  {"登録用の写真を受け取れませんでした。", "もう一度、顔の登録をやり直してください。", "The enrolment picture did not arrive.", "Start the enrolment again."},
	"camera.not_enrolled":   {"顔を登録したときのカメラではありません。", "登録したときのカメラを使うか、SVの立ち会いで、顔を登録し直してください。", "This is not the camera with which your face was enrolled.", "Use that camera, or enrol your face again with a supervisor as witness."},
	"camera.virtual":        {"仮想カメラは使えません。", "本物のカメラを選んでください。", "A virtual camera cannot be used.", "Choose a real camera."},
	"models.missing":        {"顔認証のモデルが見つからないか、正しいものではありません。", "管理者に、agent.toml の models が指すフォルダーを確かめてもらってください。必要な3つのファイルと入手先は docs/decisions/0011-face-models.md にあります。", "The face models are missing, or are not the right ones.", "Have the administrator check the folder that models names in agent.toml. The three files it needs, and where to get them, are in docs/decisions/0011-face-models.md."},

	"local.port_taken":      {"画面表示用のポートを、別のプログラムが使っています。", "表示されたプログラムを終了してから、もう一度起動してください。", "Another program holds the desk's port.", "End the program that is named, then start again."},
	"local.foreign_request": {"この画面からの要求ではありません。", "エージェントが開いた画面を使ってください。", "This request did not come from the desk.", "Use the window that the agent opened."},
	"local.ticket_used":     {"この画面を開くための鍵は使用済みか、期限切れです。", "鍵は1回だけ、30秒以内に使えます。エージェントから画面を開き直してください。", "The key that opens this page has been used or is too old.", "It works once, within 30 seconds. Open the desk again from the agent."},
	"local.bearer_required": {"この画面では操作できません。", "エージェントから画面を開き直してください。", "Nothing can be done on this page.", "Open the desk again from the agent."},
	"local.replaced":        {"別の画面に切り替わりました。", "新しく開いた画面を使ってください。", "Another window took over.", "Use the window that was opened last."},
	"local.agent_only":      {"この操作は画面からは行えません。", "エージェントが必要なときに自動で行います。", "A page cannot ask for this.", "The agent does it by itself when it is due."},
	"local.agent_running":   {"エージェントはすでに動いています。", "動いているエージェントの画面を開いてください。", "The agent is already running.", "Open the desk of the agent that runs."},
	"local.agent_absent":    {"エージェントが動いていません。", "エージェントを起動してから、もう一度お試しください。", "The agent is not running.", "Start the agent and try again."},
	"local.folder_unsafe":   {"エージェントのフォルダーか設定ファイルを、他の利用者が書き換えられます。", "表示されたフォルダーまたはファイルの所有者をエージェントの実行アカウントにし、他の利用者の書き込みを禁じてください。登録はエージェントの実行アカウントで行ってください。", "Others could write the agent's folder or its configuration.", "Make the agent's account the owner of the folder or file that is named, and let nobody else write there. Enrol as the agent's account."},
	"local.service_folder":  {"操作用のフォルダーがないか、他の利用者が書き込めます。", "/run/sekisho-agent を root かエージェントの実行アカウントの所有、書き込みは所有者だけにしてください（systemd の RuntimeDirectory=sekisho-agent）。", "The folder of the control socket is missing, or others can write in it.", "Make /run/sekisho-agent the agent's own or root's, writable by its owner alone (systemd: RuntimeDirectory=sekisho-agent)."},
	"local.no_browser":      {"画面を開くブラウザーが見つからないか、起動できません。", "Chromium、Chrome、Edge のいずれかを入れてください。", "No browser for the desk was found, or it did not start.", "Install Chromium, Chrome or Edge."},
	"local.too_early":       {"今はこの操作ができません。", "画面の案内に従ってください。", "This cannot be done now.", "Follow what the screen says."},
}

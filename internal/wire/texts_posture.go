package wire

import (
	"strconv"
	"strings"
)

// textsPosture are the messages of gate/posture.
var textsPosture = map[string]Text{
	"posture.refused":    {"PCの安全状態が、検知ポリシーの求める条件を満たしていません。", "下の項目を直してから、もう一度お試しください。直せないときは管理者に連絡してください。", "This PC is not in the state that its policy asks for.", "Put right what is listed below and try again; tell your administrator if you cannot."},
	"posture.missing":    {"PCの安全状態がまだ届いていません。", "1分ほど待ってからもう一度お試しください。続くときは、エージェントを最新版にしてください。", "No report about the state of this PC has arrived.", "Wait a minute and try again; if it goes on, update the agent."},
	"posture.stale":      {"PCの安全状態が3分以上届いていません。", "ネットワークを確かめて「接続」を押し直してください。", "No report about the state of this PC has arrived for three minutes.", "Check your network and press Connect again."},
	"posture.closed":     {"PCの安全状態が検知ポリシーの条件を満たさなくなったため、接続を閉じました。", "表示された項目を直してから、もう一度本人認証をしてください。", "The connection was closed because this PC is no longer in the state that its policy asks for.", "Put right what is listed and do the face check again."},
	"posture.statement":  {"PCの安全状態の報告が、この接続のものではありません。", "「接続」を押し直してください。続くときは管理者に連絡してください。", "The report about this PC does not belong to this connection.", "Press Connect again; tell your administrator if it goes on."},
	"posture.rules":      {"安全状態の条件の内容が正しくありません。", "項目と値を確かめてください。", "These rules are not well formed.", "Check each rule and its value."},
	"posture.limit":      {"日数または秒数が範囲の外です。", "OSの更新は7〜730日、画面ロックは30〜3600秒で入力してください。", "A number of days or seconds is out of bounds.", "Enter 7–730 days for the system's age and 30–3,600 seconds for the screen lock."},
	"posture.version":    {"エージェントのバージョンの形が正しくありません。", "1.2.0のように、数字を点で区切って入力してください。", "This is not a version of the agent.", "Write numbers with dots, such as 1.2.0."},
	"posture.place":      {"場所の内容が正しくありません。", "名前と、ルーターのMACアドレスを1つ以上入力してください。", "This is not a place.", "Enter a name and at least one MAC address of a router."},
	"posture.changed":    {"この条件は、ほかの人が先に変更しました。", "読み直してから、もう一度変更してください。", "Somebody else has changed these rules.", "Reload them and make your change again."},
	"posture.no_network": {"このPCのいる場所が、まだ分かりません。", "PCを接続して、ルーターが報告されてから、もう一度お試しください。", "It is not known yet where this PC is.", "Connect the PC and try again once its router has been reported."},
}

// checkText are one check's words: its name, what was seen, and what to do.
type checkText struct {
	name, do Pair
	seen     map[string]Pair // yes, no, unknown and what the server concludes
}

// Pair is one text in both languages, with {value}, {limit} and {names} to fill in.
type Pair struct{ JA, EN string }

func (p Pair) in(english bool) string {
	if english {
		return p.EN
	}
	return p.JA
}

var notKnown = Pair{"確かめられませんでした", "It could not be looked at"}

// postureTexts have every check of PostureChecks.
var postureTexts = map[string]checkText{
	"disk_encryption": {Pair{"ディスクの暗号化", "Disk encryption"}, Pair{"ディスクの暗号化（BitLocker、LUKS）を有効にするよう、管理者に依頼してください。", "Ask your administrator to switch disk encryption (BitLocker, LUKS) on."},
		map[string]Pair{"yes": {"暗号化されています", "Encrypted"}, "no": {"暗号化されていません", "Not encrypted"}}},
	"os_age": {Pair{"OSの更新", "Updates of the system"}, Pair{"OSの更新を入れて、PCを再起動してください。", "Install the system's updates and restart the PC."},
		map[string]Pair{"yes": {"最後の更新から{value}日", "{value} days since the last update"}, "no": {"更新の記録がありません", "No update is recorded"}, "over": {"最後の更新から{value}日（{limit}日まで）", "{value} days since the last update (at most {limit})"}}},
	"firewall": {Pair{"ファイアウォール", "Firewall"}, Pair{"ファイアウォールを有効にしてください。", "Switch the firewall on."},
		map[string]Pair{"yes": {"有効です", "On"}, "no": {"無効です", "Off"}}},
	"firewall_outbound": {Pair{"外向き通信の既定の遮断", "Outbound blocked by default"}, Pair{"外向きの通信を既定で遮断する設定を、管理者に依頼してください。", "Ask your administrator to block outbound connections by default."},
		map[string]Pair{"yes": {"既定で遮断しています", "Blocked by default"}, "no": {"既定で許可しています", "Allowed by default"}}},
	"antivirus": {Pair{"ウイルス対策", "Antivirus"}, Pair{"ウイルス対策ソフトを動かし、定義を最新にしてください。", "Start the antivirus program and update it."},
		map[string]Pair{"yes": {"動いています：{names}", "Running: {names}"}, "no": {"動いていないか、定義が古くなっています", "Not running, or out of date"}}},
	"screen_lock": {Pair{"画面ロックまでの時間", "Time to the screen lock"}, Pair{"操作しないと画面がロックされるよう、PCの設定を変えてください。", "Set the PC to lock its screen when it is not used."},
		map[string]Pair{"yes": {"{value}秒でロックします", "Locks after {value} seconds"}, "no": {"ロックしません", "Never locks"}, "over": {"{value}秒でロックします（{limit}秒まで）", "Locks after {value} seconds (at most {limit})"}}},
	"usb_storage": {Pair{"USBメモリー", "USB storage"}, Pair{"USBメモリーを抜いてください。使えない設定は、管理者に依頼してください。", "Remove USB storage; ask your administrator to block it."},
		map[string]Pair{"yes": {"使えない設定です", "Blocked"}, "no": {"使える設定か、つながっています：{names}", "Allowed or attached: {names}"}}},
	"place": {Pair{"ネットワークと場所", "Network and place"}, Pair{"許可された場所で、有線LANまたは許可されたルーターにつないでください。", "Work at a permitted place, on a cable or its permitted router."},
		map[string]Pair{"yes": {"許可された場所です：{names}", "A permitted place: {names}"}, "other_router": {"許可されたルーターではありません", "Not a permitted router"}, "other_place": {"ルーターは許可されたものですが、周りの電波が違います", "The router is permitted, but its surroundings are another place’s"}, "none": {"許可された場所が登録されていません", "No permitted place is registered"}}},
	"remote_control": {Pair{"遠隔操作のプログラム", "Remote-control programs"}, Pair{"遠隔操作のプログラムを終了してください。", "End the remote-control program."},
		map[string]Pair{"yes": {"動いていません", "None is running"}, "no": {"動いています：{names}", "Running: {names}"}}},
	"screen_capture": {Pair{"画面録画のプログラム", "Screen-capture programs"}, Pair{"画面録画のプログラムを終了してください。", "End the screen-capture program."},
		map[string]Pair{"yes": {"動いていません", "None is running"}, "no": {"動いています：{names}", "Running: {names}"}}},
	"virtual_camera": {Pair{"仮想カメラ", "Virtual cameras"}, Pair{"仮想カメラを削除してください。", "Remove the virtual camera."},
		map[string]Pair{"yes": {"ありません", "None"}, "no": {"あります：{names}", "Present: {names}"}}},
	"virtual_machine": {Pair{"仮想マシン", "Virtual machine"}, Pair{"貸与されたPC本体で、エージェントを動かしてください。", "Run the agent on the issued PC itself."},
		map[string]Pair{"yes": {"PC本体です", "A real PC"}, "no": {"仮想マシンの中です：{names}", "Inside a virtual machine: {names}"}}},
	"agent_version": {Pair{"エージェントのバージョン", "Agent version"}, Pair{"エージェントを最新版にしてください。", "Update the agent."},
		map[string]Pair{"yes": {"{names}", "{names}"}, "old": {"{names}（古い版）", "{names} (too old)"}}},
}

// Seen is what was seen of a check, for words.
type Seen struct {
	Check        string
	Word         string // yes, no, unknown, or what the server concludes
	Value, Limit int
	Names        []string
}

// Words says a check's name, what was seen and what to do, in one language.
func (s Seen) Words(english bool) (name, seen, do string) {
	t := postureTexts[s.Check]
	text, ok := t.seen[s.Word]
	if !ok {
		text = notKnown
	}
	names := strings.Join(s.Names, ", ")
	if names == "" {
		names = "–"
	}
	fill := strings.NewReplacer("{value}", strconv.Itoa(s.Value), "{limit}", strconv.Itoa(s.Limit), "{names}", names)
	return t.name.in(english), fill.Replace(text.in(english)), t.do.in(english)
}

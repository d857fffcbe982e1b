package wire

// textsRoad are the messages of the rooms of road: what is wrong and what to do, ja and en.
var textsRoad = map[string]Text{
	"tunnel.udp_blocked":   {"安全な通信路を開けませんでした。この回線ではUDP通信が止められています。", "別の回線（テザリングなど）で試すか、ルーターでUDP通信の送信を許可できないか、管理者に相談してください。", "The tunnel could not be opened: UDP is blocked on this network.", "Try another network, or ask your administrator how to let UDP out."},
	"tunnel.endpoint":      {"接続先サーバーのアドレスが正しくありません。", "管理者に連絡してください。", "The address of the server's tunnel is not valid.", "Tell your administrator."},
	"tunnel.socket":        {"このPCで通信路を開けませんでした。", "PCを再起動してもう一度「接続」を押してください。", "This PC could not open a socket for the tunnel.", "Restart the PC and press Connect again."},
	"tunnel.full":          {"いま接続できる台数の上限に達しています。", "しばらく待ってから「接続」を押してください。", "The gateway has no room for another PC.", "Wait a while and press Connect again."},
	"tunnel.key_in_use":    {"この接続はすでに使われています。", "もう一度「接続」を押してください。", "This connection's key is in use already.", "Press Connect again."},
	"flows.lease_over":     {"接続の有効時間が終わりました。", "もう一度本人認証を行ってください。", "The session is over.", "Do the face check again to open a new one."},
	"desktop.invalid":      {"仮想デスクトップの設定が正しくありません。", "名前、ホスト名またはIPアドレス、ポート番号（1〜65535）、半角8文字以内の接続用パスワードを確かめてください。", "The desktop's settings are not valid.", "Check the name, the host name or address, the port (1–65535) and the password (at most 8 characters)."},
	"desktop.forbidden":    {"この宛先は仮想デスクトップとして登録できません。", "社内の仮想デスクトップのアドレスを指定してください。関所のサーバー自身のアドレスは使えません。", "This address cannot be used as a desktop.", "Name the address of a virtual desktop on your own network; it cannot be the Sekisho server itself."},
	"desktop.name_taken":   {"同じ名前の仮想デスクトップがあります。", "別の名前を付けてください。", "A desktop of this name exists.", "Choose another name."},
	"desktop.not_found":    {"仮想デスクトップが見つかりません。", "一覧に戻って選び直してください。", "There is no such desktop.", "Go back to the list and choose again."},
	"desktop.secret_again": {"接続先を変えるときは、接続用パスワードの入れ直しが必要です。", "接続用パスワードを入力してから保存してください。", "A new address needs the password anew.", "Enter the desktop's password and save again."},
	"desktop.unreachable":  {"仮想デスクトップにつながりません。", "少し待ってもう一度開いてください。続くときは管理者に連絡してください。", "The desktop does not answer.", "Wait a moment and open it again; tell your administrator if it goes on."},
	"desktop.password":     {"登録されている接続用パスワードを、仮想デスクトップが受け付けません。", "管理者に連絡してください。管理画面で接続用パスワードを登録し直す必要があります。", "The desktop refuses the password that the server keeps.", "Tell your administrator to enter it anew in the console."},
	"desktop.changed":      {"管理者が仮想デスクトップの設定を変えたため、閉じました。", "もう一度開いてください。", "The desktop was closed: its settings were changed.", "Open it again."},
	"desktop.deleted":      {"この仮想デスクトップは削除されました。", "一覧から別のデスクトップを選んでください。", "This desktop was removed.", "Choose another one from the list."},
	"desktop.unsupported":  {"仮想デスクトップの方式に対応していません。", "管理者に連絡してください。VNC（RFB 3.3〜3.8、VNC認証または認証なし）だけに対応しています。", "The desktop speaks a protocol that is not supported.", "Tell your administrator: only VNC (RFB 3.3–3.8, VNC authentication or none) is."},
	"desktop.protocol":     {"画面の通信に許可されていない内容が含まれていたため、閉じました。", "もう一度開いてください。続くときは管理者に連絡してください。", "The screen was closed: its traffic held something that is not allowed.", "Open it again; tell your administrator if it goes on."},
}

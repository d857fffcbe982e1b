package wire

// textsSoftphone are the messages of calls/softphone and of the agent's way to it.
var textsSoftphone = map[string]Text{
	"softphone.offer":   {"このブラウザーでは電話を開けません。", "ページを開き直してください。続くときは、ブラウザーの名前と版を管理者に伝えてください。", "The telephone cannot be opened with this browser.", "Open the page again. If it goes on, tell your administrator which browser and version it is."},
	"softphone.over":    {"接続が終わっているため、電話を開けません。", "本人認証をやり直すと、電話も開きます。", "Your connection is over, so the telephone cannot be opened.", "Check again that it is you; the telephone then opens too."},
	"softphone.crowded": {"電話を使っている人が多すぎます。", "少し待ってからもう一度お試しください。続くときは管理者に連絡してください。", "Too many telephones are open at this moment.", "Wait a moment and try again; tell your administrator if it goes on."},
	"softphone.media":   {"サーバーで電話の準備ができませんでした。", "少し待ってからもう一度お試しください。続くときは管理者に連絡してください。", "The server could not prepare the telephone.", "Wait a moment and try again; tell your administrator if it goes on."},
	"softphone.relay":   {"このPCで電話の通り道を用意できませんでした。", "少し待ってからもう一度お試しください。続くときは管理者に連絡してください。", "This PC could not prepare the telephone's way through the tunnel.", "Wait a moment and try again; tell your administrator if it goes on."},
}

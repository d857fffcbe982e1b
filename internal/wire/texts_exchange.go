package wire

// textsExchange are the messages of calls/exchange.
var textsExchange = map[string]Text{
	"call.over":      {"この通話はすでに終わっています。", "次の着信をお待ちください。", "This call is over.", "Wait for the next one."},
	"call.not_yours": {"この通話はほかの人が対応しています。", "自分の画面に表示されている通話を操作してください。", "Somebody else has this call.", "Use the call that is on your own screen."},
	"call.stage":     {"今の通話の状態では、この操作はできません。", "画面の表示を確かめてから、もう一度お試しください。", "This cannot be done with the call as it is now.", "Look at its state and try again."},
	"call.no_line":   {"音声がまだつながっていません。", "マイクを許可し、「音声は接続済みです」と表示されてから、もう一度お試しください。", "The sound is not connected yet.", "Allow the microphone, wait until the sound is connected, and try again."},
	"flow.failed":    {"コールフローの途中で誤りが起きました。", "管理者に連絡し、コールフローを点検してもらってください。", "The call flow failed on its way.", "Have your administrator check the flow."},
}

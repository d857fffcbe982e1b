package wire

// textsDesk are the messages of the desk door.
var textsDesk = map[string]Text{
	"request.unsigned":      {"この要求には正しい署名がありません。", "接続を切って、もう一度「接続」を押してください。", "The request is not signed by this connection.", "Disconnect and press Connect again."},
	"request.replayed":      {"この要求はすでに使われています。", "もう一度操作してください。", "This request was used before.", "Repeat what you did."},
	"connection.unknown":    {"この接続は終了しています。", "「接続」を押してください。", "This connection has ended.", "Press Connect."},
	"connection.quarantine": {"検疫中に開いた通信では業務を利用できません。", "画面を開き直す必要はありません。自動で接続し直します。", "Work cannot use a connection that was opened in quarantine.", "It is opened again by itself."},
	"session.required":      {"本人認証が済むまで利用できません。", "カメラに顔を向けて本人認証を済ませてください。", "Not before your face has been verified.", "Look at the camera and finish the face check."},
	"session.ended_by_you":  {"接続を終了しました。", "また始めるときは「接続」を押してください。", "You ended the connection.", "Press Connect to start again."},
}

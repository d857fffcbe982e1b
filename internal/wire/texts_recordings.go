package wire

// textsRecordings are the messages of calls/recordings.
var textsRecordings = map[string]Text{
	"recording.meta":           {"録音を始めるための情報が正しくありません。", "通話はそのまま続けられます。録音が必要なときは、管理者に連絡してください。", "What is known of the call is not enough to record it.", "The call goes on. Tell your administrator if it has to be recorded."},
	"recording.filter":         {"録音を探す条件が正しくありません。", "委託元を1つ選んでから、もう一度探してください。", "Recordings cannot be searched like this.", "Choose one client company and search again."},
	"recording.range":          {"再生する範囲が、録音の長さを超えています。", "画面を読み直し、範囲を選び直してください。", "That part is beyond the recording.", "Reload the page and choose another part."},
	"recording.reason":         {"理由が入力されていないか、長すぎます。", "理由を200文字以内で入力してください。", "The reason is missing or too long.", "Give a reason of at most 200 characters."},
	"recording.days":           {"保存する日数が正しくありません。", "1から3650までの日数を入力してください。", "This is not a number of days to keep recordings.", "Enter 1 to 3650 days."},
	"recording.denied":         {"この録音は聞けません。", "担当している委託元と業務の録音か、確かめてください。この操作は監査ログに記録されました。", "This recording is not yours to hear.", "Check that it is of a client company and a work that you answer for. The audit log has a row of this."},
	"recording.role":           {"この操作は、あなたの役割では行えません。", "管理者に頼んでください。", "Your role does not allow this.", "Ask an administrator."},
	"recording.unknown":        {"録音が見つかりません。", "画面を読み直してください。", "There is no such recording.", "Reload the page."},
	"recording.running":        {"この通話は、まだ録音しています。", "通話が終わってから、もう一度開いてください。", "This call is still being recorded.", "Open it once the call is over."},
	"recording.over":           {"この録音は終わっています。", "画面を読み直してください。", "This recording is over.", "Reload the page."},
	"recording.erased":         {"この録音は、保存期間が過ぎたため削除されました。", "残しておく録音は、期間が過ぎる前に削除を保留してください。", "This recording was deleted at the end of its time.", "Hold recordings that have to be kept before their time is over."},
	"recording.listening_over": {"開いてから時間がたったため、再生を終わりました。", "録音をもう一度開いてください。", "It was opened too long ago.", "Open the recording again."},
	"recording.damaged":        {"録音のファイルが、記録したときの内容と一致しません。", "再生しないで、情報セキュリティ責任者に連絡してください。", "The file is not what was recorded.", "Do not use it, and tell the security officer."},
	"recording.stopped":        {"サーバーが終了するところです。", "少し待ってから、もう一度操作してください。", "The server is stopping.", "Try again shortly."},
}

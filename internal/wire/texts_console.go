package wire

// textsConsole are the messages of the console's door: what is wrong and what to do, ja and en.
var textsConsole = map[string]Text{
	"console.signed_out":        {"ログインしていないか、ログインの期限が切れました。", "もう一度ログインしてください。", "You are not signed in, or your session has ended.", "Sign in again."},
	"console.role_missing":      {"この操作をする役割がありません。", "必要なときは、管理者に役割の追加を依頼してください。", "None of your roles allows this.", "Ask an administrator for the role if you need it."},
	"console.not_for_you":       {"管理画面を使う役割がありません。", "業務はオペレーター画面で行ってください。必要なときは、管理者に役割の追加を依頼してください。", "None of your roles uses the console.", "Work at the operator desk; ask an administrator if you need more."},
	"console.foreign_origin":    {"別のページから送られた操作のため、受け付けませんでした。", "管理画面を開き直して、もう一度操作してください。", "This was sent by another page and was not accepted.", "Open the console again and repeat it there."},
	"console.foreign_host":      {"このアドレスでは管理画面を利用できません。", "管理者に正しい管理画面のアドレスを確認してください。", "The console does not answer at this address.", "Ask an administrator for the console's right address."},
	"console.method":            {"この方法では利用できません。", "管理画面から操作してください。", "This cannot be used that way.", "Use the console's own pages."},
	"console.origin_not_secure": {"管理画面のアドレスはhttpsで始まる必要があります。", "sekisho.toml の console.origin をhttpsのアドレスに直してください。", "The console's address must begin with https.", "Correct console.origin in sekisho.toml."},
	"console.session_over":      {"この接続は、すでに終了しています。", "稼働状況を確かめてください。", "This session has already ended.", "Look at the floor again."},
}

package wire

// textsMail are the messages of reminders by mail (gate/reminders).
var textsMail = map[string]Text{
	"mail.off":         {"メールサーバーが設定されていません。", "sekisho.tomlの[mail]にhost、port、tls、fromを書いてください。", "No mail server is set.", "Write host, port, tls and from under [mail] in sekisho.toml."},
	"mail.address":     {"メールアドレスまたは言語が正しくありません。", "name@example.jpの形で、254文字以内の半角で入力してください。", "The mail address or the language is not right.", "Write it like name@example.jp, in ASCII, at most 254 characters."},
	"mail.unreachable": {"メールサーバーにつながらないか、途中で切れました。", "mail.hostとmail.port、ファイアウォールを確かめてください。465番はimplicit、587番はstarttlsが普通です。", "The mail server cannot be reached, or hung up.", "Check mail.host, mail.port and the firewall; port 465 usually takes implicit, 587 starttls."},
	"mail.certificate": {"メールサーバーの証明書を確かめられませんでした。", "mail.hostが証明書の名前と同じか確かめ、社内の認証局ならmail.caにその証明書のファイルを書いてください。", "The mail server's certificate is not right.", "Check that mail.host is the name it bears; for an authority of your own, name its file in mail.ca."},
	"mail.starttls":    {"メールサーバーがSTARTTLSに応じません。", "暗号化のない送信はしません。mail.tlsをimplicitにするか、サーバーの設定を直してください。", "The mail server does not offer STARTTLS.", "Mail is never sent without TLS: set mail.tls to implicit, or mend the server."},
	"mail.auth":        {"メールサーバーがログインを認めませんでした。", "mail.userと、mail.password_fileの中身を確かめてください。", "The mail server did not accept the sign-in.", "Check mail.user and what mail.password_file holds."},
	"mail.sender":      {"メールサーバーが差出人を認めませんでした。", "mail.fromを、このサーバーから送れるアドレスにしてください。", "The mail server did not accept the sender.", "Set mail.from to an address that this server may send for."},
	"mail.later":       {"メールサーバーが、今は受け取れないと答えました。", "しばらく待ってください。お知らせは自動で送り直します。", "The mail server cannot take the mail now.", "Wait a while; reminders are sent again by themselves."},
	"mail.recipient":   {"メールサーバーが宛先を受け付けませんでした。", "宛先のアドレスを確かめてください。", "The mail server did not accept the recipient.", "Check the address."},
	"mail.refused":     {"メールサーバーがメールを受け取りませんでした。", "サーバーの記録で理由を確かめてください。", "The mail server refused the mail.", "See the server's own log for the reason."},
}

package wire

// textsPeople are the messages about passwords, contracts and lists of people: what is wrong and what to do, ja and en.
var textsPeople = map[string]Text{
	"password.locked":      {"このログインIDのパスワードは、失敗が続いたためロックされています。", "時間をおいて試すか、SVにロックの解除を依頼してください。パスキーは今も使えます。", "The password of this login is locked after too many attempts.", "Wait, or ask a supervisor to unlock it. Passkeys still work."},
	"password.refused":     {"ログインIDまたはパスワードが違います。", "入力を確かめてください。5回続けて失敗すると、15分以上ロックされます。", "The login or the password is wrong.", "Check both. After five attempts in a row the password is locked for 15 minutes or longer."},
	"password.message":     {"ログインの手順が正しくありません。", "ページを読み込み直して、もう一度お試しください。", "This is no step of signing in with a password.", "Load the page again and retry."},
	"password.setting":     {"パスワードの設定が短い間に何度も行われたため、しばらく受け付けません。", "15分以上たってから、同じリンクでもう一度設定してください。急ぐときはパスキーを登録してください。", "This password was set too often in a short time.", "Wait for 15 minutes or longer and use the same link again, or register a passkey instead."},
	"password.over":        {"ログインの手続きの時間が過ぎました。", "もう一度ログインしてください。", "This sign-in took too long.", "Sign in again."},
	"password.unlock_role": {"ロックを解除できるのは、本人以外のSVです。", "別のSVに依頼してください。", "Only a supervisor unlocks a password, and never his own.", "Ask another supervisor."},
	"password.not_allowed": {"パスワードは許可されていません。", "パスキーを登録するか、管理者にパスワードの許可を依頼してください。", "No password is allowed here.", "Register a passkey, or ask an administrator to allow a password."},

	"person.agency":        {"派遣元の名前が正しくありません。", "64文字以内で入力してください。", "This is no name of an agency.", "Enter at most 64 characters."},
	"person.last_day":      {"契約終了日が正しくありません。", "2027-03-31のように、年月日で入力してください。", "This is no day.", "Enter year, month and day, as in 2027-03-31."},
	"person.last_day_over": {"契約終了日が過ぎています。", "今日以降の日付を入力してください。", "This last day is over already.", "Enter today or a later day."},
	"person.contract_over": {"契約が終了しています。", "続けるときは、管理者に契約終了日の変更を依頼してください。", "The contract has ended.", "Ask an administrator to move the last day if work goes on."},
	"person.own_last_day":  {"自分の契約終了日は、自分では変えられません。", "ほかの管理者に依頼してください。", "Nobody changes the end of his own contract.", "Ask another administrator."},

	"list.kind":          {"名簿の種類が正しくありません。", "「入社・受入」か「退職・契約終了」を選んでください。", "There is no such kind of list.", "Choose joiners or leavers."},
	"list.too_large":     {"ファイルが大きすぎます。", "512KB以下に分けてください。", "The file is too large.", "Split it into files of at most 512 KB."},
	"list.too_many":      {"行が多すぎます。", "2,000行以下に分けてください。", "There are too many rows.", "Split the list into files of at most 2,000 rows."},
	"list.empty":         {"名簿に行がありません。", "1行目に項目名、2行目から一人ずつ入力してください。", "The list has no rows.", "Put the column names into the first row and one person into each row below."},
	"list.encoding":      {"文字を読み取れません。", "Excelで「CSV UTF-8」または「CSV（コンマ区切り）」として保存し直してください。", "The characters cannot be read.", "Save the file again as “CSV UTF-8” or “CSV (comma delimited)”."},
	"list.head":          {"1行目の項目名が正しくありません。", "見本のCSVの1行目と同じ項目名にしてください。項目を増やすことはできません。", "The column names in the first row are not right.", "Use those of the sample file, each once, and no others."},
	"list.syntax":        {"CSVとして読み取れません。", "引用符の閉じ忘れを直してください。この行より後は読んでいません。", "This is no row of a CSV file.", "Close the quotation mark. Nothing after this row was read."},
	"list.width":         {"項目の数が1行目と違います。", "コンマの過不足を直してください。", "The row has more or fewer columns than the first one.", "Correct the number of commas."},
	"list.cell":          {"文字が多すぎます。", "200文字以内にしてください。", "The cell is too long.", "Use at most 200 characters."},
	"list.formula":       {"表計算ソフトが計算式として扱う文字で始まっています。", "先頭の「=」「+」「-」「@」を取り除いてください。", "A spreadsheet would compute this cell.", "Remove the =, +, - or @ at its beginning."},
	"list.duplicate":     {"同じログインIDが、ほかの行にもあります。", "どちらかの行を取り除いてください。", "Another row has the same login.", "Remove one of the two rows."},
	"list.word":          {"使えない言葉です。", "見本のCSVにある言葉を使ってください。", "This word is not known here.", "Use the words of the sample file."},
	"list.day":           {"日付が正しくありません。", "2027-03-31または2027/3/31のように入力してください。", "This is no day.", "Write it as 2027-03-31 or 2027/3/31."},
	"list.missing":       {"必要な項目が空です。", "入力してください。", "A cell that is needed is empty.", "Fill it in."},
	"list.role_by_hand":  {"名簿で変えられる役割は、オペレーターとスーパーバイザーだけです。", "ほかの役割は「利用者」の画面で一人ずつ設定してください。", "A list gives and takes only the roles operator and supervisor.", "Set other roles one by one on the People page."},
	"list.unknown_login": {"このログインIDは登録されていません。", "ログインIDを確かめてください。", "Nobody has this login.", "Check the login."},
	"list.other_name":    {"登録されている氏名と違います。", "ログインIDと氏名の組み合わせを確かめてください。", "The person with this login has another name.", "Check which login belongs to this name."},
	"list.refused_rows":  {"取り込めない行があるため、何も変更していません。", "各行の理由を見て名簿を直し、もう一度確かめてください。", "Some rows were refused, so nothing was changed.", "Correct the list by the reasons given and check it again."},
	"list.changed":       {"確かめた後に、名簿または利用者の登録が変わりました。何も変更していません。", "もう一度、名簿を確かめてください。", "The list or the people have changed since you checked. Nothing was changed.", "Check the list again."},
}

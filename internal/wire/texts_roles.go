package wire

// textsRoles are the messages about own roles, shifts and signing in through an identity provider.
var textsRoles = map[string]Text{
	"role.name":               {"役割の名前が正しくありません。", "1文字以上40文字以内で、前後に空白を入れずに入力してください。", "This is no name of a role.", "Enter 1 to 40 characters, without blanks around them."},
	"role.name_taken":         {"同じ名前の役割があります。", "ほかの名前を付けてください。", "Another role has this name.", "Give it another one."},
	"role.rights":             {"権限の選び方が正しくありません。", "一覧にある権限から、1つ以上選んでください。", "These are not rights that a role can hold.", "Choose at least one of those on the page."},
	"role.separation":         {"管理者の権限と情報セキュリティ責任者の権限を、独自の役割で一人に集めることはできません。", "権限を別の役割に分け、別の人に割り当ててください。", "An own role may not bring rights of an administrator and of an officer together in one person.", "Put them into two roles and give these to two people."},
	"role.own":                {"自分が持つ役割の変更や、自分への割り当てはできません。", "ほかの管理者に依頼してください。", "Nobody gives himself a role or changes one that he holds.", "Ask another administrator."},
	"role.administrator":      {"独自の役割を扱えるのは管理者だけです。", "管理者に依頼してください。", "Only administrators make and give own roles.", "Ask an administrator."},
	"role.too_many":           {"役割か、その担当者が多すぎます。", "使っていない役割を削除してください。", "There are too many roles, or too many people hold this one.", "Delete roles that nobody uses."},
	"role.changed_meanwhile":  {"この役割は、表示した後に変更されています。", "ページを読み込み直し、今の内容を見てから変更してください。", "This role was changed after you opened it.", "Load the page again and look at it as it is now."},
	"role.unknown":            {"この役割、またはその担当者が見つかりません。", "一覧に戻って選び直してください。", "There is no such role, or this person does not hold it.", "Go back to the list and choose again."},
	"role.person":             {"この人には割り当てられません。", "利用できる人を選んでください。", "A role cannot be given to this person.", "Choose somebody who is active."},
	"role.change_over":        {"この変更の手続きは終わっています。", "変更を最初からやり直してください。", "This change is over.", "Begin it again."},
	"shift.outside":           {"勤務時間（シフト）の外のため、接続できません。", "勤務時間になってから接続してください。続ける必要があるときは、SVに延長を依頼してください。", "You cannot connect outside your shift.", "Connect once it begins, or ask your supervisor to extend it."},
	"shift.none":              {"勤務時間（シフト）が登録されていないため、接続できません。", "SVまたは管理者に、シフトの登録を依頼してください。", "You have no shift, so you cannot connect.", "Ask your supervisor or an administrator to enter your shift."},
	"shift.over":              {"勤務時間（シフト）が終わったため、接続を終了しました。", "続ける必要があるときは、SVに延長を依頼してから、もう一度接続してください。", "Your shift is over, so the session was ended.", "If you must go on, ask your supervisor to extend the shift and connect again."},
	"shift.span":              {"勤務時間の形が正しくありません。", "09:00-18:00のように入力してください。1日4つまで、間を空けて並べられます。", "These are no hours of work.", "Write them as 09:00-18:00, up to four of them with blanks between."},
	"shift.day":               {"曜日または日付が正しくありません。", "月、火のような曜日か、2026-12-31のような日付を入力してください。", "This is neither a weekday nor a date.", "Write mon to sun, or a date as in 2026-12-31."},
	"shift.days":              {"日付の例外が多すぎます。", "過ぎた日付を取り除き、400日以下にしてください。", "There are too many dates.", "Remove those that are over; at most 400 are kept."},
	"shift.twice":             {"同じ人の同じ日が、ほかの行にもあります。", "どちらかの行を取り除いてください。", "Another row has the same person and day.", "Remove one of the two rows."},
	"shift.grace":             {"前後の猶予が正しくありません。", "0分以上120分以内で入力してください。", "These are no minutes of grace.", "Enter 0 to 120 minutes."},
	"shift.zone":              {"時間帯の名前が正しくありません。", "Asia/Tokyoのように入力してください。", "There is no such time zone.", "Enter a name like Asia/Tokyo."},
	"shift.changed_meanwhile": {"シフトの条件は、表示した後に変更されています。", "ページを読み込み直し、今の内容を見てから変更してください。", "The rules were changed after you opened them.", "Load the page again and look at them as they are now."},
	"shift.list_changed":      {"確かめた後に、一覧またはシフトの登録が変わりました。何も変更していません。", "もう一度、一覧を確かめてください。", "The list or the shifts have changed since you checked. Nothing was changed.", "Check the list again."},
	"shift.extension":         {"この時間は延長できません。", "15分以上4時間以内で、勤務の終わりが近づいてから延長してください。", "The shift cannot be extended by this.", "Extend it by 15 minutes to 4 hours, when its end is near."},
	"shift.own":               {"自分の勤務時間は延長できません。", "別のSVに依頼してください。", "Nobody extends his own shift.", "Ask another supervisor."},
	"shift.role":              {"勤務時間を延長できるのはSVだけです。", "SVに依頼してください。", "Only supervisors extend a shift.", "Ask a supervisor."},

	"role.operators_only": {"この権限で扱えるのは、オペレーターだけです。", "ほかの役割を持つ人については、管理者に依頼してください。", "With this right you manage plain operators only.", "Ask an administrator about anybody who holds more."},
}

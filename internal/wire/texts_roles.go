package wire

// textsRoles are the messages about own roles, shifts and signing in through an identity provider.
var textsRoles = map[string]Text{
	"role.name":              {"役割の名前が正しくありません。", "1文字以上40文字以内で、前後に空白を入れずに入力してください。", "This is no name of a role.", "Enter 1 to 40 characters, without blanks around them."},
	"role.name_taken":        {"同じ名前の役割があります。", "ほかの名前を付けてください。", "Another role has this name.", "Give it another one."},
	"role.rights":            {"権限の選び方が正しくありません。", "一覧にある権限から、1つ以上選んでください。", "These are not rights that a role can hold.", "Choose at least one of those on the page."},
	"role.separation":        {"管理者の権限と情報セキュリティ責任者の権限を、独自の役割で一人に集めることはできません。", "権限を別の役割に分け、別の人に割り当ててください。", "An own role may not bring rights of an administrator and of an officer together in one person.", "Put them into two roles and give these to two people."},
	"role.own":               {"自分が持つ役割の変更や、自分への割り当てはできません。", "ほかの管理者に依頼してください。", "Nobody gives himself a role or changes one that he holds.", "Ask another administrator."},
	"role.administrator":     {"独自の役割を扱えるのは管理者だけです。", "管理者に依頼してください。", "Only administrators make and give own roles.", "Ask an administrator."},
	"role.too_many":          {"役割か、その担当者が多すぎます。", "使っていない役割を削除してください。", "There are too many roles, or too many people hold this one.", "Delete roles that nobody uses."},
	"role.changed_meanwhile": {"この役割は、表示した後に変更されています。", "ページを読み込み直し、今の内容を見てから変更してください。", "This role was changed after you opened it.", "Load the page again and look at it as it is now."},
	"role.unknown":           {"この役割、またはその担当者が見つかりません。", "一覧に戻って選び直してください。", "There is no such role, or this person does not hold it.", "Go back to the list and choose again."},
	"role.person":            {"この人には割り当てられません。", "利用できる人を選んでください。", "A role cannot be given to this person.", "Choose somebody who is active."},
	"role.change_over":       {"この変更の手続きは終わっています。", "変更を最初からやり直してください。", "This change is over.", "Begin it again."},
	"role.operators_only":    {"この権限で扱えるのは、オペレーターだけです。", "ほかの役割を持つ人については、管理者に依頼してください。", "With this right you manage plain operators only.", "Ask an administrator about anybody who holds more."},
}

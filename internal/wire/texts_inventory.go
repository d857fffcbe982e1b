package wire

// textsInventory are the messages of gate/permits, gate/ties, gate/loans and gate/kitting.
var textsInventory = map[string]Text{
	"permit.missing":  {"このPCには、社外で使うための有効なPC持出許可がありません。", "SVか管理者にPC持出許可を依頼してください。許可の期間が過ぎたときも、新しい許可が必要です。", "This PC has no valid permit for work outside the office.", "Ask your supervisor or administrator for a permit; you need a new one too when its days are over."},
	"permit.where":    {"使う場所の種類が正しくありません。", "「自宅」か「承認した別の場所」を選んでください。場所の詳しい情報は入力しません。", "This is not a kind of place.", "Choose home or another approved place; no address is kept."},
	"permit.days":     {"PC持出の期間が正しくありません。", "最終日を開始日以降にし、366日以内の期間を、1年先までに始めてください。", "These days are not a period for a permit.", "Let it begin within a year, last at most 366 days, and end no earlier than it begins."},
	"permit.over":     {"PC持出の期間がすでに終わっています。", "今日以降の最終日を選んでください。", "These days are over already.", "Choose a last day that is not in the past."},
	"permit.own":      {"自分が使うPCの持出は、自分では許可できません。", "別のSVか管理者に依頼してください。", "Nobody permits himself to take a PC out.", "Ask another supervisor or administrator."},
	"permit.device":   {"このPCは、貸与中または貸与の準備中ではありません。", "PCの状態を確かめてください。", "This PC is not issued to anybody.", "Check the state of the PC."},
	"permit.overlap":  {"このPCには、期間の重なるPC持出許可があります。", "期間を変えるか、先に今の許可を取り消してください。", "This PC has a permit for some of these days already.", "Choose other days, or take the other permit back first."},
	"permit.too_many": {"このPCのPC持出許可が多すぎます。", "管理者に相談してください。", "This PC has as many permits as can be kept.", "Ask your administrator."},
	"permit.unknown":  {"PC持出許可が見つかりません。", "画面を読み直してください。", "There is no such permit.", "Reload the page."},
	"permit.ended":    {"このPC持出許可は、すでに終わっています。", "画面を読み直してください。", "This permit has ended already.", "Reload the page."},

	"tie.other_pc": {"最初に使ったPCと違うPCのため、接続できません。", "いつものPCを使うか、SVか管理者に初回PCの解除を依頼してください。", "This is not the PC that you used first.", "Use your usual PC, or ask your supervisor or administrator to release you from it."},
	"tie.own":      {"自分の初回PCは、自分では解除できません。", "別のSVか管理者に依頼してください。", "Nobody releases himself from his first PC.", "Ask another supervisor or administrator."},
	"tie.none":     {"この人の初回PCは、このPCではありません。", "画面を読み直してください。", "This is not the person's first PC.", "Reload the page."},

	"loan.items":         {"付属品の一覧が正しくありません。", "1件40文字以内、20件以内で、同じ名前は一度だけ入力してください。", "This is not a list of accessories.", "Enter at most 20, each once and of at most 40 characters."},
	"loan.until":         {"返却予定日が正しくありません。", "今日以降、10年以内の日を選んでください。", "This is not a day of return.", "Choose a day from today on, within ten years."},
	"loan.note":          {"備考が長すぎます。", "500文字以内で入力してください。", "The note is too long.", "Use at most 500 characters."},
	"loan.not_issued":    {"一覧にない付属品が含まれています。", "画面を読み直してから、もう一度選んでください。", "One of these accessories was not handed out with this PC.", "Reload the page and choose again."},
	"loan.over":          {"このPCは、すでに返却されたか、失効しています。", "画面を読み直してください。", "This PC was returned or revoked already.", "Reload the page."},
	"loss.unknown":       {"この紛失連絡のリンクは使えません。", "紛失カードのリンクを最後まで正しく入力したか確かめてください。分からないときは、すぐにSVに電話してください。", "This link does not work.", "Check that it is complete, as printed on the card. If in doubt, call your supervisor at once."},
	"loss.used":          {"この紛失連絡のリンクは、すでに使われています。", "PCの利用は止まっています。心当たりがないときは、SVに連絡してください。", "This link was used already.", "The PC is closed. If it was not you, tell your supervisor."},
	"loss.withdrawn":     {"この紛失カードは、新しいカードに替わったか、PCが返却されたため使えません。", "新しいカードのリンクを使うか、SVに連絡してください。", "This card was replaced, or its PC was returned.", "Use the link of the newer card, or call your supervisor."},
	"loss.device_closed": {"このPCの利用は、すでに止まっています。", "ほかに必要なことは、SVに確かめてください。", "This PC is closed already.", "Ask your supervisor what else has to be done."},

	"kitting.number":        {"PCの台数が正しくありません。", "1台以上50台以下の一覧にしてください。", "This is not a number of PCs that can be kitted together.", "List at least 1 and at most 50."},
	"kitting.tag_used":      {"この資産番号は、使用中の別のPCにあります。", "資産番号を確かめてください。", "Another PC in use has this asset tag.", "Check the asset tag."},
	"kitting.tag":           {"資産番号または機種が正しくありません。", "資産番号は64文字以内、機種は128文字以内で、改行を入れずに入力してください。", "This is not an asset tag or model.", "Use at most 64 characters for the tag and 128 for the model, in one line."},
	"kitting.person":        {"PCを貸与できる人ではありません。", "利用中のオペレーターのログインIDを入力してください。", "No PC can be issued to this person.", "Enter the login of an active operator."},
	"kitting.policy":        {"このポリシーはありません。", "「検知ポリシー」にある名前を入力するか、空にしてください。", "There is no such policy.", "Enter one of the guard policies by name, or leave it empty."},
	"kitting.changed":       {"確かめた後に、一覧か、PC・利用者の登録が変わりました。何も登録していません。", "もう一度、一覧を確かめてください。", "The list, the PCs or the people have changed since you checked. Nothing was registered.", "Check the list again."},
	"kitting.duplicate_tag": {"同じ資産番号が、ほかの行にもあります。", "どちらかの行を直してください。", "Another row has the same asset tag.", "Correct one of the two rows."},

	"enrolment.code_not_received":  {"このPCの受け取りが、まだ確認されていません。", "届いたことをSVか管理者に電話で伝え、確認された後にもう一度お試しください。", "Nobody has confirmed yet that this PC was received.", "Call your supervisor or administrator to say that it has arrived, then try again."},
	"enrolment.nothing_to_receive": {"受け取りを待っている登録コードがありません。", "すでに確認済みか、60日が過ぎています。必要なときは新しい登録コードを作ってください。", "No enrolment code waits for this PC's receipt.", "It was confirmed already, or 60 days have passed; make a new code if one is needed."},
}

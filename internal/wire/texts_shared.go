package wire

// textsShared are the messages of gate/pools, twin/carrying and what else shared PCs say.
var textsShared = map[string]Text{
	"shared.who":           {"共用PCです。使う人が分かりません。", "ログインIDを入力してから、「接続」を押してください。", "This is a shared PC, and it does not know who you are.", "Enter your login ID, then press Connect."},
	"shared.not_one":       {"このログインIDでは、この共用PCを使えません。", "入力したログインIDを確かめてください。正しいときは、SVか管理者に、共用PCグループへの登録を確かめてください。", "This login ID cannot use this shared PC.", "Check what you entered. If it is right, ask your supervisor or administrator whether you are in the PC's group."},
	"shared.not_shared":    {"このPCは、共用PCではなくなりました。", "もう一度「接続」を押してください。このPCを貸与された人だけが使えます。", "This PC is not shared any more.", "Press Connect again. Only the person to whom this PC is issued can use it."},
	"shared.too_many":      {"短い時間に、ログインIDが何度も入力されました。", "少し待ってから、もう一度接続してください。", "Login IDs were entered too often on this PC.", "Wait a little, then connect again."},
	"shared.away":          {"共用PCは、オフィスの中だけで使えます。", "PCと検知ポリシーの場所が「オフィス」で、「端末の安全状態」のルールがすべてのOSで場所の違いを止める設定か、管理者に確かめてください。", "A shared PC works in the office alone.", "Ask your administrator: the PC and its guard policy must be for the office, and the posture rules must close on every system when the place is another one."},
	"shared.prove_first":   {"共用PCでは、本人だと確かめる前には行えません。", "本人認証をしてから、もう一度操作してください。本人認証ができないときは、パスキーとSVの承認で始めてください。", "On a shared PC this is not done before it is certain that it is you.", "Do the face check first, or start with a passkey and your supervisor's approval, and try again."},
	"shared.uncertified":   {"PCの証明書を確かめられないため、顔の登録を渡しません。", "管理者に、PCの登録と承認の状態を確かめてもらってください。", "A face is not passed on: a PC's certificate could not be checked.", "Ask your administrator to check that the PC is enrolled and approved."},
	"shared.weaker_key":    {"相手のPCの鍵の保護が弱いため、顔の登録を渡しません。", "TPMのある共用PCを使うか、そのPCで顔を登録してください。", "A face is not passed on to a PC that keeps its key less well.", "Use a shared PC with a TPM, or enrol your face on that PC."},
	"shared.face_refused":  {"渡された顔の登録を確かめられないため、使いません。", "このPCで、SVの立ち会いのもと、顔を登録してください。繰り返すときは、管理者に連絡してください。", "A face that was passed to this PC could not be verified and is not used.", "Enrol your face on this PC with a witness. Tell your administrator if it happens again."},
	"shared.nothing_waits": {"このPCに渡される顔の登録はありません。", "もう一度接続してください。", "No face is waiting for this PC.", "Connect again."},
	"permit.shared":        {"共用PCには、PC持出許可を出せません。", "社外で使うPCは、1人に貸与したPCにしてください。", "No permit is given for a shared PC.", "For work outside the office, issue a PC to that person alone."},
	"doctor.shared":        {"共用PCです。グループに登録された人だけが、オフィスの中で使えます。", "誰が使えるかは、管理画面の「共用PC」で確かめてください。", "This is a shared PC: the people of its group may use it, in the office.", "The console's page of shared PCs says who they are."},

	"pool.name":             {"グループの名前が正しくありません。", "60文字以内で、前後に空白を入れずに入力してください。", "This is not a name for a group.", "Use at most 60 characters, without blanks around them."},
	"pool.name_taken":       {"同じ名前の共用PCグループがあります。", "別の名前を入力してください。", "There is a group of this name already.", "Choose another name."},
	"pool.unknown":          {"共用PCグループが見つかりません。", "画面を読み直してください。", "There is no such group.", "Reload the page."},
	"pool.full":             {"共用PCグループがいっぱいです。", "1つのグループは200人、200台までです。別のグループを作ってください。", "The group is full.", "A group has at most 200 people and 200 PCs. Make another one."},
	"pool.too_many":         {"共用PCグループが多すぎます。", "使っていないグループを終了してください。", "There are as many groups as can be kept.", "End one that is not used."},
	"pool.person":           {"この人は、共用PCグループに追加できません。", "オペレーターの役割があり、利用停止中でない人を選んでください。", "This person cannot be in a group.", "Choose an active person with the role operator."},
	"pool.device_elsewhere": {"このPCは、別の共用PCグループにあります。", "先に今のグループから外してください。", "This PC is in another group.", "Take it out of that group first."},
	"pool.not_in_it":        {"すでに、このグループにはありません。", "画面を読み直してください。", "It is not in this group any more.", "Reload the page."},
	"pool.not_on_client":    {"この人は今日、この委託元の業務に入っていません。", "先に委託元のページで業務に割り当ててください。", "This person is on no work of this client company today.", "Assign them to a work of the client first."},
}

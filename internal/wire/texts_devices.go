package wire

// textsDevices are the messages about issued PCs, their enrolment and their
// certificates: what is wrong and what to do, ja and en.
var textsDevices = map[string]Text{
	"certificate.required": {"このPCの証明書が提示されていません。", "登録コードでPCを登録してから、もう一度接続してください。", "This PC showed no certificate.", "Enrol the PC with an enrolment code, then connect again."},
	"certificate.unknown":  {"このPCの証明書は、接続先のサーバーが発行したものではありません。", "管理者に新しい登録コードを依頼し、PCを登録し直してください。", "This PC's certificate was not issued by this server.", "Ask your administrator for a new enrolment code and enrol the PC again."},
	"certificate.expired":  {"このPCの証明書は有効期間外です。", "PCの日付と時刻を確かめてください。正しいときは、管理者に新しい登録コードを依頼してください。", "This PC's certificate is outside its dates.", "Check the PC's date and time. If they are right, ask your administrator for a new enrolment code."},
	"certificate.revoked":  {"このPCの証明書は失効しています。", "管理者に連絡してください。引き続き使うときは、新しい登録コードで登録し直します。", "This PC's certificate has been revoked.", "Tell your administrator. To go on using the PC, enrol it again with a new code."},
	"certificate.rotating": {"認証局の鍵は、ほかの操作で更新されたところです。", "画面を読み込み直し、必要なときだけもう一度実行してください。", "The authority's key has just been rotated by someone else.", "Reload, and rotate again only if it is still needed."},

	"device.policy_place":    {"自宅で使うPCに、オフィス用の検知ポリシーは使えません。", "自宅用の検知ポリシーを選んでください。", "A PC that works at home cannot be under a guard policy for the office.", "Choose a guard policy for the home."},
	"device.asset_invalid":   {"PCの登録内容が正しくありません。", "資産番号（64文字まで）、機種（128文字まで）、場所、貸与先、検知ポリシーを確かめてください。", "The PC's particulars are not valid.", "Check asset tag (up to 64 characters), model (up to 128), place, person and policy."},
	"device.asset_used":      {"この資産番号のPCは、すでに登録されています。", "資産番号を確かめるか、先に以前の貸与を「返却」にしてください。", "A PC with this asset tag is already registered.", "Check the tag, or mark the earlier issue as returned first."},
	"device.server_invalid":  {"登録コードに入れる接続先が正しくありません。", "「ホスト名:ポート」の形で指定してください。", "The server address for the code is not valid.", "Give it as host:port."},
	"device.reason_required": {"理由が入力されていないか、長すぎます。", "理由を500文字以内で入力してください。", "The reason is missing or too long.", "Enter a reason of at most 500 characters."},
	"device.not_found":       {"このPCは見つかりません。", "一覧に戻って選び直してください。", "There is no such PC.", "Go back to the list and choose again."},
	"device.state":           {"PCの今の状態では、この操作はできません。", "画面を読み込み直して、今の状態を確かめてください。", "This cannot be done in the PC's present state.", "Reload and look at its state."},
	"device.unknown":         {"このPCは登録されていません。", "管理者に登録コードを依頼してください。", "This PC is not registered.", "Ask your administrator for an enrolment code."},
	"device.pending":         {"このPCは、まだ承認されていません。", "画面の照合コードを管理者に伝え、承認を受けてください。", "This PC has not been approved yet.", "Read the fingerprint on the screen to your administrator and have it approved."},
	"device.suspended":       {"このPCは停止中です。", "管理者に理由を確かめ、停止の解除を依頼してください。", "This PC is suspended.", "Ask your administrator why, and to resume it."},
	"device.returned":        {"このPCは返却済みです。", "もう一度使うときは、管理者に貸与の登録を依頼してください。", "This PC has been returned.", "To use it again, ask your administrator to issue it anew."},
	"device.revoked":         {"このPCは失効しています。", "すぐに管理者に連絡してください。", "This PC has been revoked.", "Tell your administrator at once."},
	"device.key_replaced":    {"このPCには、新しい鍵が登録されています。", "以前の登録は使えません。心当たりがないときは、すぐに管理者に連絡してください。", "A newer key has been enrolled for this PC.", "The earlier enrolment is no longer valid. If you did not expect this, tell your administrator at once."},
	"device.software_key":    {"このPCの鍵はTPMで守られていないため、検知ポリシーにより使えません。", "PCの設定でTPM 2.0を有効にして登録し直すか、管理者に検知ポリシーの確認を依頼してください。", "This PC's key is not protected by a TPM, and its policy does not allow that.", "Enable TPM 2.0 in the PC's firmware and enrol again, or ask your administrator about the policy."},

	"enrolment.request_malformed":   {"PCから送られた登録の内容が正しくありません。", "エージェントを最新版にして、もう一度登録してください。", "The PC's enrolment request is not well formed.", "Update the agent and enrol again."},
	"enrolment.code_unknown":        {"この登録コードは、このサーバーのものではありません。", "コードを確かめるか、管理者に新しい登録コードを依頼してください。", "This server does not know that enrolment code.", "Check the code, or ask your administrator for a new one."},
	"enrolment.code_used":           {"この登録コードは、すでに使われています。", "ご自分で使った覚えがないときは、すぐに管理者に連絡してください。続けるには新しい登録コードが必要です。", "This enrolment code has already been used.", "If it was not you, tell your administrator at once. To go on you need a new code."},
	"enrolment.code_expired":        {"この登録コードは、期限が切れています。", "管理者に新しい登録コードを依頼してください。", "This enrolment code has expired.", "Ask your administrator for a new one."},
	"enrolment.code_withdrawn":      {"この登録コードは取り消されています。", "いちばん新しい登録コードを使うか、管理者に依頼してください。", "This enrolment code has been withdrawn.", "Use the newest code, or ask your administrator."},
	"enrolment.key_known":           {"この鍵は、ほかのPCとして登録されたことがあります。", "PCを複製していないか確かめ、管理者に連絡してください。", "This key has been enrolled for another PC.", "Make sure that the PC is no copy, and tell your administrator."},
	"enrolment.tpm_known":           {"このPCのTPMは、使用中のほかのPCとして登録されています。", "管理者に、以前の貸与を「返却」にするよう依頼してください。", "This PC's TPM is enrolled as another PC in use.", "Ask your administrator to mark the earlier issue as returned."},
	"enrolment.ticket_unknown":      {"この登録の問い合わせは受け付けられません。", "新しい登録コードで登録し直してください。", "This enrolment cannot be asked about.", "Enrol again with a new code."},
	"enrolment.fingerprint_differs": {"照合コードが、PCの画面のものと一致しません。", "承認しないでください。PCの画面の照合コードをもう一度聞き、それでも違うときは登録を却下してください。", "The fingerprint is not the one on the PC's screen.", "Do not approve. Ask for the fingerprint on the PC's screen again; if it still differs, refuse the enrolment."},
	"enrolment.too_many":            {"登録の試みが多すぎます。", "1分ほど待ってから、もう一度お試しください。", "Too many attempts to enrol.", "Wait about a minute and try again."},
	"enrolment.refused":             {"このPCの登録は、管理者が却下しました。", "理由を管理者に確かめ、新しい登録コードを受け取ってください。", "Your administrator refused this PC's enrolment.", "Ask why, and get a new enrolment code."},
	"enrolment.superseded":          {"このPCは、新しい登録コードで登録し直されました。", "心当たりがないときは、すぐに管理者に連絡してください。", "This PC has been enrolled again with a newer code.", "If you did not expect this, tell your administrator at once."},

	"binding.invalid":          {"PCの署名を確かめられませんでした。", "エージェントを再起動して、もう一度接続してください。続くときは管理者に連絡してください。", "The PC's signature could not be verified.", "Restart the agent and connect again; tell your administrator if it goes on."},
	"binding.other_connection": {"PCの署名が、この通信路のものではありません。", "途中で通信を中継する機器やソフトがないか確かめて、もう一度接続してください。", "The PC's signature is for another connection.", "Make sure that nothing relays or inspects the traffic on the way, and connect again."},
	"binding.nonce":            {"接続の手続きに時間がかかりすぎたか、同じ手続きが繰り返されました。", "もう一度「接続」を押してください。", "Connecting took too long, or was repeated.", "Press Connect once more."},
}

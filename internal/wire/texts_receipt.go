package wire

// textsReceipt are the doctor's messages about what a centre may ask of a PC.
var textsReceipt = map[string]Text{
	"doctor.posture":   {"センターのポリシーで求められることがある項目です。", "どの項目を求めるかは、センターごとに違います。", "What a centre's policy may ask for.", "Which of these it asks for differs from centre to centre."},
	"doctor.refusable": {"厳しいポリシーでは、次の項目のために接続できないことがあります。", "「不適合」と「不明」の項目を直すか、管理者に確かめてください。", "A strict policy could refuse this PC because of what follows.", "Correct what is marked FAIL or unknown, or ask your administrator."},
}

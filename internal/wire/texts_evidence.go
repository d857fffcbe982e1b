package wire

// textsEvidence are the messages of twin/vigil, twin/sealing and guard/evidence: what is wrong and what to do, ja and en.
var textsEvidence = map[string]Text{
	"vigil.not_enrolled":      {"このPCには顔が登録されていません。", "責任者の立ち会いのもとで、顔を登録してください。", "No face is enrolled on this PC.", "Enrol your face with a supervisor as witness."},
	"vigil.engine_unknown":    {"顔認証のエンジンを確認できません。", "画面を開き直してください。続くときは管理者に連絡してください。", "The face engine is not known.", "Open the window again; tell your administrator if it goes on."},
	"vigil.challenge_unknown": {"求められた動作を確認できません。", "画面を開き直してください。続くときは管理者に連絡してください。", "The movement that was asked for is not known here.", "Open the window again; tell your administrator if it goes on."},
	"vigil.login_timeout":     {"本人を確認できませんでした。", "明るい場所でカメラの正面に座り、もう一度お試しください。", "We could not confirm that it is you.", "Sit in front of the camera in good light and try again."},
	"vigil.other_person":      {"登録された方と一致しません。", "登録された本人が、もう一度お試しください。", "This is not the person enrolled here.", "The person enrolled on this PC should try again."},
	"vigil.not_live":          {"写真や画面ではないことを確認できませんでした。", "照明の反射を避け、顔をカメラに向けてもう一度お試しください。", "We could not confirm that this is a living face.", "Avoid reflections, face the camera and try again."},
	"vigil.challenge_missed":  {"求められた動作を時間内に確認できませんでした。", "もう一度お試しください。", "The movement was not seen in time.", "Please try again."},
}

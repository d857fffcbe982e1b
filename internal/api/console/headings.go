package console

import (
	"context"

	"github.com/sekisho/sekisho/internal/wire"
)

// headings are what the columns of a table of rows are called (ja, en).
var headings = map[string][2]string{
	"seq": {"番号", "No."}, "at": {"日時（日本時間）", "When (Japan time)"}, "kind": {"種類", "Kind"},
	"person_name": {"操作した人", "Person"}, "person": {"操作した人のID", "Person's id"}, "device_name": {"PC", "PC"}, "device": {"PCのID", "PC's id"},
	"role": {"役割", "Role"}, "process": {"プログラム", "Process"},
	"object": {"対象の種類", "Kind of object"}, "object_name": {"対象", "Object"}, "object_id": {"対象のID", "Object's id"},
	"decision": {"結果", "Outcome"}, "reason": {"理由のコード", "Reason code"}, "reason_text": {"理由", "Reason"}, "session": {"接続", "Session"},
	"customer": {"顧客のID", "Customer's id"}, "call": {"通話のID", "Call's id"},
	"late": {"あとからの記録", "Late"}, "detail": {"内容", "Detail"}, "personal": {"個人を特定できる値", "Values that identify somebody"},
	"leaf": {"リーフハッシュ", "Leaf hash"}, "proof": {"証明（C2SP tlog-proof）", "Proof (C2SP tlog-proof)"},
}

func heading(ctx context.Context, column string) string {
	words := headings[column]
	if wire.English(callerOf(ctx).language) {
		return words[1]
	}
	return words[0]
}

// problemWords is what a code of the catalogue says and asks for, in the caller's language.
func problemWords(ctx context.Context, code string) (title, action string) {
	t := wire.TextOf(code)
	if wire.English(callerOf(ctx).language) {
		return t.EN, t.ENDo
	}
	return t.JA, t.JADo
}

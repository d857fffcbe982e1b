package wire

// textsFuzz are the messages of what is refused rather than half done.
var textsFuzz = map[string]Text{
	"desktop.changed_meanwhile": {"デスクトップの設定は、ほかの操作がいま変更しました。", "読み直してから、もう一度変更してください。", "Something else has just changed this desktop.", "Reload it and make your change again."},
	"desktop.level_apart":       {"個人情報の区分を下げる変更は、ほかの変更と一緒にはできません。", "先にほかの項目を保存し、そのあと区分だけを変更してください。区分は、別の管理者が確認すると変わります。新しいデスクトップは「あり」で登録してください。", "A lower level of personal data is not set together with anything else.", "Save the rest first, then change the level alone; a second administrator confirms it. Register a new desktop as full."},
}

package wire

// textsPractice are the messages of the practice work (gate/training).
var textsPractice = map[string]Text{
	"practice.last_scenario":    {"練習業務を求めている間は、最後のシナリオを取り下げられません。", "先にほかのシナリオを取り込むか、別の管理者の確認を得て、練習業務を求めない決まりにしてください。", "The last scenario cannot be retired while the practice work is asked of people.", "Import another scenario first, or stop asking for the practice, which needs a second administrator."},
	"practice.scenario_unknown": {"この練習は見つかりません。", "一覧から選び直してください。", "There is no such practice.", "Choose one from the list."},
	"practice.run_unknown":      {"この練習の途中経過は見つかりません。", "一覧から始め直してください。", "This run of the practice is not known.", "Begin again from the list."},
	"practice.over":             {"この練習は終わっています。", "一覧から、もう一度始められます。", "This run of the practice is over.", "You can begin again from the list."},
	"practice.step":             {"この場面には、すでに答えています。", "画面を読み直して、続きから進めてください。", "This turn has been answered.", "Reload the page and go on from there."},
	"practice.choice":           {"選択の形が正しくありません。", "表示されている選択肢から選んでください。", "The choice is not well formed.", "Choose one of those that are shown."},
	"practice.often":            {"1日に始められる練習の回数を超えました。", "明日、もう一度始めてください。", "You have begun as many runs as one day allows.", "Begin again tomorrow."},

	// faults of a file of scenarios, told with line and field
	"practice.encoding":      {"ファイルの文字コードがUTF-8ではありません。", "UTF-8で保存し直してください。", "The file is not in UTF-8.", "Save it as UTF-8."},
	"practice.too_large":     {"ファイルが大きすぎます。", "56KiB以下のファイルに分けてください。", "The file is too large.", "Split it into files of at most 56 KiB."},
	"practice.empty":         {"ファイルに練習がありません。", "scenarioの見出しから始まる練習を1つ以上入れてください。", "There is no scenario in the file.", "Put in at least one, beginning with [scenario name]."},
	"practice.too_many":      {"練習が多すぎます。", "使わない練習を外し、合わせて50個以内にしてください。", "There are too many scenarios.", "Retire some; keep 50 or fewer."},
	"practice.line":          {"この行は、見出しでも項目でもありません。", "角括弧で囲んだ見出し（scenario、turn、right、wrong）か、「項目: 値」の形で書いてください。", "This line is neither a section nor a field.", "Write [scenario name], [turn name], [right], [wrong], or “field: value”."},
	"practice.section":       {"この見出しは、ここでは使えません。", "練習（scenario）、場面（turn）、選択肢（right、wrong）の順に書いてください。", "This section cannot stand here.", "Write a scenario, its turns, and under each turn its choices (right, wrong)."},
	"practice.id":            {"名前の形が正しくありません。", "小文字の英字と数字を、32文字以内でハイフンでつないでください。選択肢には名前を付けません。", "The name is not well formed.", "Use small letters and digits joined by hyphens, at most 32; choices have no name."},
	"practice.twice":         {"同じ名前または項目が重なっています。", "重なっているほうを外すか、別の名前にしてください。", "This name or field is there already.", "Leave one of them out, or name it differently."},
	"practice.field_unknown": {"この項目は、ここでは使えません。", "項目の綴りと、書く場所を確かめてください。", "This field cannot stand here.", "Check how it is written and where it stands."},
	"practice.field_missing": {"必要な項目がありません。", "この見出しの下に、項目を日本語（.ja）と英語（.en）の両方で書いてください。", "A field is missing.", "Write it under this section, where it is a text in both languages (.ja and .en)."},
	"practice.field_value":   {"項目の値が正しくありません。", "決められた値から選んでください。お客様はc01からc12、規程は「telework 5.1」の形で書きます。", "The value of the field is not right.", "Use one of its values; customers are c01 to c12, a rule is written like “telework 5.1”."},
	"practice.too_long":      {"文が長すぎるか、使えない文字があります。", "題は120文字、説明と理由は300文字、場面は600文字、選択肢は200文字以内にしてください。", "A text is too long or has characters that cannot be kept.", "Use at most 120 characters for a title, 300 for about and why, 600 for a turn, 200 for a choice."},
	"practice.turns":         {"場面の数が範囲の外です。", "1つの練習に、場面を1個から12個入れてください。", "There are too few or too many turns.", "Write 1 to 12 turns in a scenario."},
	"practice.choices":       {"選択肢の数が範囲の外か、正しいものと誤ったものがそろっていません。", "1つの場面に、rightとwrongを合わせて2個から4個、それぞれ1個以上入れてください。", "There are too few or too many choices, or not both right and wrong ones.", "Write 2 to 4 choices in a turn, at least one right and one wrong."},
	"practice.next":          {"次の場面が正しくありません。", "後ろにある場面の名前か、endを書いてください。", "The next turn is not right.", "Name a later turn, or end."},
	"practice.unreachable":   {"この場面には、どの選択肢からも進めません。", "前の場面のnextを直すか、この場面を外してください。", "No choice leads to this turn.", "Mend next in an earlier turn, or leave this one out."},
	"practice.rule":          {"この番号は、現在の規程にありません。", "規程の名前と番号を確かめてください。", "This number stands in no rule document in force.", "Check the document and its number."},
}

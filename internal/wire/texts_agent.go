package wire

// textsAgent are the messages of the rooms of agent: what is wrong and what to do, ja and en.
var textsAgent = map[string]Text{
	"settings.malformed": {"設定ファイルに誤りがあります。", "表示された行を直してから、もう一度起動してください。", "The configuration file has a mistake.", "Correct the line that is named, then start again."},
}

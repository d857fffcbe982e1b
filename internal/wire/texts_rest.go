package wire

// textsRest are the messages of lists on paper and of training records that are taken away.
var textsRest = map[string]Text{
	"paper.too_long": {"一覧が長すぎるため、PDFにできません。", "対象を絞るか、CSVで書き出してください。", "The list is too long for a PDF.", "Narrow it, or take it as CSV."},
	"training.many":  {"1,000件を超える書き出しには、別の人の確認が必要です。", "対象者を選んで書き出すか、別の人に確認してもらってください。", "More than 1,000 records need a second person.", "Take one person's records, or have somebody confirm it."},
}

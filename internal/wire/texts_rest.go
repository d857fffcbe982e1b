package wire

// textsRest are the messages of lists on paper and of training records that are taken away.
var textsRest = map[string]Text{
	"paper.too_long": {"一覧が長すぎるため、PDFにできません。", "対象を絞るか、CSVで書き出してください。", "The list is too long for a PDF.", "Narrow it, or take it as CSV."},
}

using System.Globalization;
using System.Text;

namespace CogniForge.Llm.RequestLog;

/// <summary>
/// Writes usage as CSV (RFC 4180), one line per group. An apostrophe keeps spreadsheets from evaluating a text as a
/// formula.
/// </summary>
internal sealed class UsageCsv(UsageTable table) : IResult
{
    private const string Numbers =
        "requests,failed,cached,inputTokens,outputTokens,cacheReadTokens,cacheWriteTokens,reasoningTokens,"
        + "cost,saved,unpriced,estimated";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = "attachment; filename=\"usage.csv\"";
        await response.WriteAsync(Write(), httpContext.RequestAborted);
    }

    private string Write()
    {
        var text = new StringBuilder();
        text.Append(string.Concat(table.Columns.Select(name => $"{name},"))).Append(Numbers).Append("\r\n");
        foreach (var (values, s) in table.Groups)
        {
            foreach (var value in values)
            {
                text.Append(Escape(value)).Append(',');
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"{s.Requests},{s.Failed},{s.Cached},{s.InputTokens},{s.OutputTokens},"
            );
            text.Append(CultureInfo.InvariantCulture, $"{s.CacheReadTokens},{s.CacheWriteTokens},{s.ReasoningTokens},");
            text.Append(CultureInfo.InvariantCulture, $"{s.Cost},{s.Saved},{s.Unpriced},{s.Estimated}\r\n");
        }

        return text.ToString();
    }

    private static string Escape(string? value)
    {
        if (value is not { Length: > 0 })
        {
            return "";
        }

        var safe = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? $"'{value}" : value;
        return safe.AsSpan().ContainsAny(",\"\r\n")
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }
}

using System.Globalization;
using System.Text;

namespace CogniForge.Llm.RequestLog;

/// <summary>
/// Writes usage as CSV (RFC 4180), one line per group. An apostrophe keeps spreadsheets from evaluating a text as a
/// formula. Every line says whether rolled-up days are left out, because comments would end up among the data; an empty
/// table says it in a header of the response.
/// </summary>
internal sealed class UsageCsv(UsageTable table, bool omitsRolledUpDays) : IResult
{
    private const string Numbers =
        "requests,failed,cached,inputTokens,outputTokens,cacheReadTokens,cacheWriteTokens,reasoningTokens,"
        + "cost,saved,unpriced,estimated,completions,omitsRolledUpDays";

    private readonly string _omits = omitsRolledUpDays ? "true" : "false";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers["x-cogniforge-omits-rolled-up-days"] = _omits;
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
            text.Append(CultureInfo.InvariantCulture, $"{s.Cost},{s.Saved},{s.Unpriced},{s.Estimated},");
            text.Append(CultureInfo.InvariantCulture, $"{s.Completions},{_omits}\r\n");
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

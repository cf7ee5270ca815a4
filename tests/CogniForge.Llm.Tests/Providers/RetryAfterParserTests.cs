using CogniForge.Llm.Providers;

namespace CogniForge.Llm.Tests.Providers;

public class RetryAfterParserTests
{
    private const string Now = "Sat, 21 Nov 2026 09:00:00 GMT";

    [Theory]
    [InlineData("retry-after: 2", 2)]
    [InlineData("retry-after: 1.5", 1.5)]
    [InlineData("retry-after: 0", 0)]
    [InlineData("retry-after-ms: 250 | retry-after: 9", 0.25)]
    [InlineData("retry-after: Sat, 21 Nov 2026 09:00:30 GMT | date: " + Now, 30)]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 6m0s", 360)]
    [InlineData("x-ratelimit-remaining-tokens: 0 | x-ratelimit-reset-tokens: 20ms", 0.02)]
    [InlineData(
        "x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 1s"
            + " | x-ratelimit-remaining-tokens: 0 | x-ratelimit-reset-tokens: 1h2m3.5s",
        3723.5
    )]
    [InlineData(
        "anthropic-ratelimit-input-tokens-remaining: 0"
            + " | anthropic-ratelimit-input-tokens-reset: 2026-11-21T09:00:12Z | date: "
            + Now,
        12
    )]
    public void Parse_ValidHeaders_ReturnsWait(string headers, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfterParser.Parse(Response(headers)));

    [Theory]
    [InlineData("")]
    [InlineData("x-ratelimit-remaining-requests: 1 | x-ratelimit-reset-requests: 1s")]
    [InlineData("x-ratelimit-remaining-requests: 0")]
    [InlineData("retry-after: soon")]
    [InlineData("retry-after: -5")]
    [InlineData("retry-after: 1e9")]
    [InlineData("retry-after: 99999999999999999999")]
    [InlineData("retry-after: Sat, 21 Nov 2026 08:59:00 GMT | date: " + Now)]
    [InlineData("retry-after: Sat, 21 Nov 2026 09:00:30 GMT")] // a date is useless without the provider's clock
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 1.2.3s")]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: .s")]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 99999999999999999999h")]
    [InlineData("x-ratelimit-remaining-requests: 0 | x-ratelimit-reset-requests: 7")]
    public void Parse_MissingOrInvalidHeaders_ReturnsNull(string headers) =>
        Assert.Null(RetryAfterParser.Parse(Response(headers)));

    [Fact]
    public void Parse_HugeWait_ReturnsOneDay() =>
        Assert.Equal(TimeSpan.FromDays(1), RetryAfterParser.Parse(Response("retry-after: 2000000000")));

    private static HttpResponseMessage Response(string headers)
    {
        var response = new HttpResponseMessage();
        foreach (var header in headers.Split(" | ", StringSplitOptions.RemoveEmptyEntries))
        {
            response.Headers.TryAddWithoutValidation(header.Split(": ", 2)[0], header.Split(": ", 2)[1]);
        }

        return response;
    }
}

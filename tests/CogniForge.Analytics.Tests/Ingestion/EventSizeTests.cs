using System.Text;

namespace CogniForge.Analytics.Tests.Ingestion;

/// <summary>An event has a maximum size, so that its values, nesting and errors are bounded too.</summary>
public sealed class EventSizeTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    private const int MaxBytes = 65_536;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_EventTooLarge_NamesRule(bool isChunked)
    {
        using var response = await PostAsync(service, CreateEvent(MaxBytes + 1), isChunked);
        Assert.Equal([$": must have at most {MaxBytes} bytes"], await Problem.ReadRulesAsync(response));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_LargestEvent_IsAccepted(bool isChunked)
    {
        using var response = await PostAsync(service, CreateEvent(MaxBytes), isChunked);
        await response.ReadAsync(202);
    }

    // Below the limit of bodies, each took 0.4 to 4.7 GB at 50 connections.
    [Theory]
    [InlineData("[]", 1_300_000)]
    [InlineData("\"\\u0000\"", 400_000)]
    [InlineData("1e999", 600_000)]
    [InlineData("{\"\":0}", 500_000)]
    public async Task Post_ManyValues_NamesRule(string value, int count)
    {
        using var response = await PostAsync(service, CreateEvent(value, count), isChunked: true);
        Assert.Equal([$": must have at most {MaxBytes} bytes"], await Problem.ReadRulesAsync(response));
    }

    /// <summary>30 connections with such events made another key wait for a second.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_ManyEmptyObjects_NamesRule(bool isChunked)
    {
        using var response = await PostAsync(service, CreateEvent("{}", 20_000), isChunked);
        Assert.Equal([": must have at most 5000 JSON values and names"], await Problem.ReadRulesAsync(response));
    }

    [Theory]
    [InlineData(4_991, true)]
    [InlineData(4_992, false)]
    public async Task Post_Values_AreBounded(int count, bool isAccepted)
    {
        // The body, its three members, the name and the array are nine of the values.
        using var response = await PostAsync(service, CreateEvent("0", count), isChunked: false);
        Assert.Equal(isAccepted ? 202 : 400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Post_ConfiguredMaximum_Applies()
    {
        await using var configured = new AnalyticsService(("Events:MaxEventBytes", "2000"));
        using var largest = await PostAsync(configured, CreateEvent(2_000), isChunked: false);
        await largest.ReadAsync(202);
        using var larger = await PostAsync(configured, CreateEvent(2_001), isChunked: false);
        Assert.Equal([": must have at most 2000 bytes"], await Problem.ReadRulesAsync(larger));
    }

    private static string CreateEvent(int bytes)
    {
        const string Start = """{"event":"e","userId":"u","properties":{"a":" """;
        return Start + new string('x', bytes - Start.Length - 3) + "\"}}";
    }

    private static string CreateEvent(string value, int count)
    {
        var values = string.Join(',', Enumerable.Repeat(value, count));
        return $$"""{"event":"e","userId":"u","properties":{"a":[{{values}}] } }""";
    }

    private static async Task<HttpResponseMessage> PostAsync(AnalyticsService service, string body, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/events", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = isChunked;
        return await service.Client.SendAsync(request);
    }
}

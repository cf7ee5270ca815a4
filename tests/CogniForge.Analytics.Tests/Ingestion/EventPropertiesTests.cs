using System.Text;

namespace CogniForge.Analytics.Tests.Ingestion;

/// <summary>
/// The API rejects what Postgres' jsonb cannot store: after the acknowledgement it would be too late.
/// </summary>
public class EventPropertiesTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    private const string Text = "must be valid Unicode without U+0000";
    private const string Name = "must have names of valid Unicode without U+0000";
    private const string Number = "must be a number of at most 400 characters with an exponent from -400 to 400";

    [Theory]
    [InlineData("""{"a":"\u0000"}""", "properties.a", Text)]
    [InlineData("""{"a":"x\u0000y"}""", "properties.a", Text)]
    [InlineData("""{"a":"\ud800"}""", "properties.a", Text)]
    [InlineData("""{"a":"\udc00\ud800"}""", "properties.a", Text)]
    [InlineData("""{"a":[1,{"b":["","\udfff"]}]}""", "properties.a[1].b[1]", Text)]
    [InlineData("""{"\u0000":1}""", "properties", Name)]
    [InlineData("""{"a":[{"x\ud83d":1}]}""", "properties.a[0]", Name)]
    [InlineData("""{"a":1e131072}""", "properties.a", Number)]
    [InlineData("""{"a":-1E+401}""", "properties.a", Number)]
    [InlineData("""{"a":[0e-20000]}""", "properties.a[0]", Number)]
    [InlineData("""{"a":1e-2147483648}""", "properties.a", Number)]
    [InlineData("""{"a":1e99999999999999999999}""", "properties.a", Number)]
    public async Task Post_ValuePostgresRejects_NamesPathAndRule(string properties, string path, string rule)
    {
        using var response = await PostAsync(properties);
        Assert.Equal([$"{path}: {rule}"], await Problem.ReadRulesAsync(response));
    }

    [Fact]
    public async Task Post_InvalidUtf8_NamesPath()
    {
        using var content = new ByteArrayContent([
            .. """{"event":"e","userId":"u","properties":{"a":"""u8,
            (byte)'"',
            0xED,
            0xA0,
            0x80,
            (byte)'"',
            .. "}}"u8,
        ]);
        content.Headers.ContentType = new("application/json");
        using var response = await service.Client.PostAsync(new Uri("/api/v1/events", UriKind.Relative), content);
        Assert.Equal([$"properties.a: {Text}"], await Problem.ReadRulesAsync(response));
    }

    [Fact]
    public async Task Post_NumberTooLong_NamesPath()
    {
        using var response = await PostAsync($$"""{"a":0.{{new string('1', 20_000)}}}""");
        Assert.Equal([$"properties.a: {Number}"], await Problem.ReadRulesAsync(response));
    }

    [Fact]
    public async Task Post_NestedTooDeep_NamesRule()
    {
        using var deepest = await PostAsync(Nested(32));
        await deepest.ReadAsync(202);
        using var deeper = await PostAsync(Nested(33));
        Assert.EndsWith(
            ": must not be nested deeper than 32 levels",
            Assert.Single(await Problem.ReadRulesAsync(deeper)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"a":"\ud83d\ude00 \uffff \u0001 \\u0000 \\ud800"}""")]
    [InlineData("""{"":{"":[]},"a":{},"a":2}""")]
    [InlineData("""{"a":[-0.0,1e400,1E-400,123456789012345678901234567890.5,5e-324]}""")]
    public async Task Post_ValuePostgresAccepts_IsAccepted(string properties)
    {
        using var response = await PostAsync(properties);
        await response.ReadAsync(202);
    }

    private static string Nested(int levels) =>
        new StringBuilder().Insert(0, """{"a":""", levels).Append('1').Append('}', levels).ToString();

    private Task<HttpResponseMessage> PostAsync(string properties) =>
        service.Client.PostAsync("/api/v1/events", $$"""{"event":"e","userId":"u","properties":{{properties}}}""");
}

using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>What transcriptions of any form cost.</summary>
internal static class TranscriptionCosts
{
    private const string Price = """{"input":0,"output":0,"perMinute":0.006}""";

    private static readonly Uri _path = new("/v1/audio/transcriptions", UriKind.Relative);

    /// <summary>Asserts the logged cost of a transcript.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="createForm">Creates the request for a model.</param>
    /// <param name="transcript">The provider's response, JSON or text.</param>
    /// <param name="cost">The cost, USD.</param>
    /// <param name="isEstimated">Whether the length is estimated.</param>
    public static async Task AssertCostAsync(
        PassThroughGateway gateway,
        Func<string, MultipartFormDataContent> createForm,
        string transcript,
        string cost,
        bool isEstimated
    )
    {
        var model = await CreateModelAsync(gateway);
        gateway.OpenAi.Respond = async (_, response) =>
        {
            response.ContentType = transcript[0] == '{' ? "application/json" : "text/plain; charset=utf-8";
            await response.WriteAsync(transcript);
        };

        using var form = createForm(model);
        using var received = await gateway.Client.PostAsync(_path, form);

        Assert.Equal(transcript, await received.Content.ReadAsStringAsync());
        var logged = await gateway.LoggedAsync(model);
        Assert.Equal(decimal.Parse(cost, CultureInfo.InvariantCulture), logged.GetProperty("cost").GetDecimal());
        Assert.Equal(isEstimated, logged.GetProperty("estimated").GetBoolean());
    }

    /// <summary>Asserts that a key with a budget gets 403: the length of the audio is unknown.</summary>
    public static async Task AssertRefusedAsync(
        PassThroughGateway gateway,
        Func<string, MultipartFormDataContent> createForm
    )
    {
        var model = await CreateModelAsync(gateway);
        using var client = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"total"}}""");

        using var form = createForm(model);
        using var response = await client.PostAsync(_path, form);

        Assert.Equal("cost_not_bounded", (await OpenAiError.ReadAsync(response, 403)).Code);
    }

    private static async Task<string> CreateModelAsync(PassThroughGateway gateway)
    {
        var model = $"whisper-{Guid.CreateVersion7():n}";
        await gateway.SetPriceAsync(model, Price);
        return model;
    }
}

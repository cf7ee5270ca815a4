using System.Net;
using Aspire.Hosting.ApplicationModel;
using Dapper;
using Xunit.Abstractions;

namespace CogniForge.EndToEnd.Tests;

/// <summary>Events published before their consumer's queue exists wait for that queue.</summary>
[Collection(TrafficCollection.Name)]
public sealed class LateConsumerTests(LateConsumerSystem system, ITestOutputHelper output)
    : TrafficTests(system, output),
        IClassFixture<LateConsumerSystem>
{
    private const int Requests = 50;
    private const string Model = "late-consumer";

    [Fact]
    public async Task Events_PublishedBeforeQueueExists_ArriveOnce()
    {
        using var llm = System.Client("llm");
        using var serving = System.Client("serving");
        await SendAsync(serving, "/api/v1/serving/models", Samples.Model(Model), HttpStatusCode.Created);
        for (var i = 0; i < Requests; i++)
        {
            await SendAsync(llm, "/v1/chat/completions", Samples.Chat(), HttpStatusCode.OK);
            await SendAsync(serving, $"/v2/models/{Model}/infer", Samples.Rows(), HttpStatusCode.OK);
        }

        // The services have stored their records; only publishing is left to do, and they stay healthy.
        await using var llmdb = await OpenAsync("llmdb");
        await using var servingdb = await OpenAsync("servingdb");
        var completions = await Until.GetAsync(
            () => IdsAsync(llmdb, "SELECT id FROM completion"),
            ids => ids.Count == Requests
        );
        var inferences = await Until.GetAsync(
            () => IdsAsync(servingdb, "SELECT id FROM inference"),
            ids => ids.Count == Requests
        );
        Assert.Equal(1, await servingdb.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox"));
        Assert.Equal(("Healthy", "Healthy"), (await HealthAsync("llm"), await HealthAsync("serving")));
        Assert.Equal("unreachable", await HealthAsync("analytics"));

        await CommandAsync("analytics", "start");
        await System.App.ResourceNotifications.WaitForResourceHealthyAsync(
            "analytics",
            WaitBehavior.WaitOnResourceUnavailable
        ).WaitAsync(Healing);

        await using var analyticsdb = await OpenAsync("analyticsdb");
        await Until.TrueAsync(
            async () => completions.SetEquals(await IdsAsync(analyticsdb, "SELECT id FROM completion")),
            "analytics has every completion",
            Healing
        );
        await Until.TrueAsync(
            async () => inferences.SetEquals(await IdsAsync(analyticsdb, "SELECT id FROM inference")),
            "analytics has every inference",
            Healing
        );
        await Until.GetAsync(
            () =>
                analyticsdb.ExecuteScalarAsync<long>(
                    "SELECT count(*) FROM promotion WHERE model = @Model",
                    new { Model }
                ),
            n => n == 1,
            Healing
        );
        await Until.GetAsync(() => servingdb.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox"), n => n == 0);
    }

    private static async Task SendAsync(HttpClient client, string path, HttpContent body, HttpStatusCode expected)
    {
        using var response = await client.PostAsync(path, body);
        Assert.Equal(expected, response.StatusCode);
    }
}

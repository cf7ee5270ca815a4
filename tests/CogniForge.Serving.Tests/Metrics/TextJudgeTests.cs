using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Serving.Tests.Metrics;

/// <summary>Texts are evaluated by models of a gateway that answers as prepared.</summary>
public sealed class TextJudgeTests : IAsyncLifetime
{
    private readonly WebApplication _gateway;

    public TextJudgeTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _gateway = builder.Build();
        _gateway.Run(RespondAsync);
    }

    public Task InitializeAsync() => _gateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Evaluate_Texts_ReturnsGradesAndSimilarity()
    {
        await using var service = new WithGateway(_gateway.Urls.Single());
        var metrics = new MetricsClient(service.Client, "writer");
        await metrics.RegisterAsync();
        await metrics.RecordAsync(
            new[] { "good", "bad", "odd" }.Select(text =>
                MetricsClient.Prediction(text, $$"""{"text":"{{text}}"}""", ""","actual":{"text":"fine"}""")
            )
        );

        var result = await metrics.PostAsync(
            200,
            "metrics/text-evaluations",
            """{"judgeModel":"judge","embeddingModel":"embed"}"""
        );

        Assert.Equal(3, result.GetProperty("texts").GetInt32());
        var judge = result.GetProperty("judge");
        Assert.Equal((2, 3.0, 1.0, 1), Read(judge));
        Assert.Contains("no integer from 1 to 5", judge.GetProperty("error").GetString(), StringComparison.Ordinal);
        var similarity = result.GetProperty("similarity");
        Assert.Equal((3, 0.6, 0.6, 0), Read(similarity));
    }

    [Fact]
    public async Task Evaluate_NoModel_NamesField()
    {
        await using var service = new WithGateway(_gateway.Urls.Single());
        using var response = await new MetricsClient(service.Client, "any").SendAsync(
            "POST",
            "metrics/text-evaluations",
            """{"limit":0}"""
        );
        Assert.Equal(["judgeModel", "limit"], (await Problem.ReadAsync(response, 400)).Errors!.Keys);
    }

    private static (int, double, double, int) Read(JsonElement scores) =>
        (
            scores.GetProperty("count").GetInt32(),
            Math.Round(scores.GetProperty("mean").GetDouble(), 9),
            Math.Round(scores.GetProperty("min").GetDouble(), 9),
            scores.GetProperty("failed").GetInt32()
        );

    private static async Task RespondAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        context.Response.ContentType = "application/json";
        var grade =
            body.Contains("Text:\\ngood", StringComparison.Ordinal) ? "5"
            : body.Contains("Text:\\nbad", StringComparison.Ordinal) ? " 1\\n"
            : "It depends.";
        await context.Response.WriteAsync(
            context.Request.Path == "/v1/embeddings"
                ? """{"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,0]}]}"""
                : $$$"""{"choices":[{"message":{"content":"{{{grade}}}"}}]}"""
        );
    }

    private sealed class WithGateway(string address)
        : ServingService(TimeProvider.System, ("services:llm:http:0", address));
}

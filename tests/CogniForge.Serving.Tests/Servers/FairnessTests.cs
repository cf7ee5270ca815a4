using System.Text.Json;
using CogniForge.Serving.Tests.Metrics;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Fairness where the truth is known for a part of the predictions, in memory and in Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class FairnessTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fairness_PartOfTruth_CountsAllSelections(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "loans");
        await RecordAsync(metrics);

        var report = await metrics.GetAsync("metrics/fairness?attribute=g&positiveClass=approved&privileged=a");

        Assert.Equal(200, report.GetProperty("rows").GetInt32());
        Assert.Equal(120, report.GetProperty("groundTruths").GetInt32());
        Assert.False(report.GetProperty("isTruncated").GetBoolean());
        Assert.Equal(0.4, report.GetProperty("demographicParityDifference").GetDouble(), Tolerance);
        Assert.Equal(0.5, report.GetProperty("disparateImpactRatio").GetDouble(), Tolerance);
        Assert.True(report.GetProperty("isBelowFourFifths").GetBoolean());
        Assert.Equal(
            -0.4,
            report.GetProperty("privileged").GetProperty("statisticalParityDifference").GetDouble(),
            Tolerance
        );

        // Only the approved repay or not, so every known decision was a selection.
        Assert.Equal(0, report.GetProperty("equalOpportunityDifference").GetDouble());
        var groups = report.GetProperty("groups");
        Assert.Equal([(100, 80, 40), (100, 40, 20)], groups.EnumerateArray().Select(ReadCounts));
        Assert.Equal(0.8, groups[0].GetProperty("selectionRate").GetDouble(), Tolerance);
        Assert.Equal(1, groups[0].GetProperty("falsePositiveRate").GetDouble());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fairness_UnknownAttribute_NamesKnownOnes(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var metrics = new MetricsClient(service.Client, "loans");
        await RecordAsync(metrics);

        using var response = await metrics.SendAsync("GET", "metrics/fairness?attribute=gender");

        var problem = await Problem.ReadAsync(response, 400);
        Assert.Equal(["must be one of g"], problem.Errors!["attribute"]);
    }

    [Fact]
    public async Task Fairness_MoreRowsThanRead_SaysSo()
    {
        await using var service = await ServingOnPostgres.StartAsync(
            await postgres.NewDatabaseAsync(),
            settings: ("Metrics:MaxRows", "100")
        );
        var metrics = new MetricsClient(service.Client, "loans");
        await RecordAsync(metrics);

        var report = await metrics.GetAsync("metrics/fairness?attribute=g&positiveClass=approved");

        Assert.Equal(100, report.GetProperty("rows").GetInt32());
        Assert.True(report.GetProperty("isTruncated").GetBoolean());
    }

    // 80 of 100 are approved in group a, 40 of 100 in group b; half of the approved repay.
    private static async Task RecordAsync(MetricsClient metrics)
    {
        await metrics.RegisterAsync();
        await metrics.RecordAsync(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    MetricsClient.Prediction(
                        $"{i}",
                        IsApproved(i) ? """{"class":"approved"}""" : """{"class":"denied"}""",
                        $$$""","groups":{"g":"{{{(i < 100 ? "a" : "b")}}}"}"""
                    )
                )
        );
        await metrics.RecordTruthAsync(
            Enumerable
                .Range(0, 200)
                .Where(IsApproved)
                .Select(i =>
                    i % 2 == 0
                        ? $$$"""{"id":"{{{i}}}","actual":{"class":"approved"}}"""
                        : $$$"""{"id":"{{{i}}}","actual":{"class":"denied"}}"""
                )
        );
    }

    private static bool IsApproved(int row) => row % 100 < (row < 100 ? 80 : 40);

    private static (int Count, int GroundTruths, int Positives) ReadCounts(JsonElement group) =>
        (
            group.GetProperty("count").GetInt32(),
            group.GetProperty("groundTruths").GetInt32(),
            group.GetProperty("positives").GetInt32()
        );

    private async Task<ServingService> StartAsync(bool isInPostgres) =>
        isInPostgres ? await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync()) : new ServingService();
}

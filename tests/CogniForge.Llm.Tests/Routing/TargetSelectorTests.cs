using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Routing;

public class TargetSelectorTests
{
    private const int Rounds = 20_000;
    private static readonly Provider _provider = new("p", ProviderKind.OpenAICompatible, new("http://localhost/v1"));

    [Fact]
    public void Order_DifferentOrders_IgnoresWeight()
    {
        ResolvedTarget[] targets =
        [
            Target("late", order: 2, weight: 100),
            Target("first", order: 0, weight: 0.01),
            Target("second", order: 1),
        ];
        Assert.All(
            Enumerable.Range(0, 100),
            i => Assert.Equal(["first", "second", "late"], Names(targets, i % 2 == 0 ? null : $"{i}"))
        );
    }

    /// <summary>The shares match the weights within four standard deviations of a binomial distribution.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Order_Weights_AreShares(bool byAffinity)
    {
        ResolvedTarget[] targets = [Target("a", weight: 1), Target("b", weight: 2), Target("c", weight: 7)];
        var random = new Random(7);
        var firsts = Enumerable
            .Range(0, Rounds)
            .Select(i =>
                TargetSelector.Order(targets, byAffinity ? $"conversation {i}" : null, random.NextDouble)[0].Model
            )
            .CountBy(m => m)
            .ToDictionary();
        foreach (var target in targets)
        {
            var share = target.Weight / 10;
            var deviation = Math.Sqrt(Rounds * share * (1 - share));
            Assert.InRange(
                firsts[target.Model],
                (Rounds * share) - (4 * deviation),
                (Rounds * share) + (4 * deviation)
            );
        }
    }

    [Fact]
    public void Order_SameConversation_IsStable()
    {
        ResolvedTarget[] targets = [.. "abcde".Select(c => Target($"{c}"))];
        ResolvedTarget[] reversed = [.. targets.Reverse()];
        foreach (var i in Enumerable.Range(0, 200))
        {
            Assert.Equal(Names(targets, $"{i}"), Names(reversed, $"{i}"));
        }
    }

    /// <summary>Rendezvous hashing: if a target is lost, only its own conversations move.</summary>
    [Fact]
    public void Order_LostTarget_KeepsOtherConversations()
    {
        ResolvedTarget[] targets = [.. "abcde".Select(c => Target($"{c}", weight: c - 'a' + 1))];
        foreach (var i in Enumerable.Range(0, 500))
        {
            Assert.Equal(
                Names(targets, $"{i}").Where(n => n != "c"),
                Names(targets.Where(t => t.Model != "c").ToList(), $"{i}")
            );
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9999999999999999)]
    public void Order_ExtremeRandomNumbers_ReturnsAllTargets(double random) =>
        Assert.Equal(2, TargetSelector.Order([Target("a"), Target("b")], null, () => random).Count);

    private static IEnumerable<string> Names(IReadOnlyList<ResolvedTarget> targets, string? affinity) =>
        TargetSelector.Order(targets, affinity, () => 0.5).Select(t => t.Model);

    private static ResolvedTarget Target(string model, int order = 0, double weight = 1) =>
        new(_provider, model, order, weight);
}

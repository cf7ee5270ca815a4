using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.Ensembles;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Runners;

/// <summary>How ensembles combine their members, with the semantics of scikit-learn's voting classes.</summary>
public class EnsembleRunnerTests
{
    private readonly Dictionary<string, Func<InferRequest, CancellationToken, Task<Tensor>>> _members = [];
    private readonly List<(string Member, double[] Rows)> _calls = [];

    [Fact]
    public async Task Infer_MajorityVote_WinnerByWeight()
    {
        Answer("a", Texts("label", "yes", "yes", "no"));
        Answer("b", Texts("label", "no", "no", "no"));
        Answer("c", Texts("label", "no", "yes", "yes"));
        var outputs = await InferAsync(new(EnsembleMethod.MajorityVote, [new("a", 1, 2), new("b", 1), new("c", 1)]), 3);

        // A tie of 2 to 2 goes to the first class in order, as in VotingClassifier.
        Assert.Equal(["no", "yes", "no"], ((Tensor<string>)outputs["label"]).Data.ToArray());
        Assert.Equal([0.5, 0.75, 0.75], outputs["share"].AsDoubles().ToArray());
    }

    [Fact]
    public async Task Infer_MajorityVoteOfNumbers_NamesClasses()
    {
        Answer("a", Numbers("label", 2, 0));
        Answer("b", Numbers("label", 2, 1));
        Answer("c", Numbers("label", 1, 1));
        var outputs = await InferAsync(
            new(EnsembleMethod.MajorityVote, [new("a", 1), new("b", 1), new("c", 1)], Classes: ["x", "y", "z"]),
            2
        );
        Assert.Equal(["z", "y"], ((Tensor<string>)outputs["label"]).Data.ToArray());
    }

    [Fact]
    public async Task Infer_SoftVote_MeanOfProbabilities()
    {
        // The example of scikit-learn's user guide (VotingClassifier, weighted average probabilities).
        Answer("a", Matrix(3, 0.2, 0.5, 0.3));
        Answer("b", Matrix(3, 0.6, 0.3, 0.1));
        Answer("c", Matrix(3, 0.3, 0.4, 0.3));
        var outputs = await InferAsync(
            new(EnsembleMethod.SoftVote, [new("a", 1, 1), new("b", 1, 1), new("c", 1, 1)]),
            1
        );
        AssertEqual([1.1 / 3, 0.4, 0.7 / 3], outputs["probabilities"]);
        Assert.Equal("1", ((Tensor<string>)outputs["label"]).Data[0]);
    }

    [Fact]
    public async Task Infer_SoftVoteOfTwoClasses_TakesSecondProbability()
    {
        Answer("a", Numbers("probability", 0.9, 0.2));
        Answer("b", Numbers("probability", 0.3, 0.4));
        var outputs = await InferAsync(
            new(EnsembleMethod.SoftVote, [new("a", 1, 3), new("b", 1)], Classes: ["stays", "leaves"]),
            2
        );
        AssertEqual([0.25, 0.75, 0.75, 0.25], outputs["probabilities"]);
        Assert.Equal(["leaves", "stays"], ((Tensor<string>)outputs["label"]).Data.ToArray());
    }

    [Theory]
    [InlineData(null, null, 2.5, 4)]
    [InlineData(3.0, 1.0, 1.75, 3)]
    public async Task Infer_Predictions_Mean(double? first, double? second, double row0, double row1)
    {
        var method = first is null ? EnsembleMethod.Average : EnsembleMethod.Weighted;
        Answer("a", Numbers("prediction", 1, 2));
        Answer("b", Numbers("prediction", 4, 6));
        var outputs = await InferAsync(new(method, [new("a", 1, first), new("b", 1, second)]), 2);
        AssertEqual([row0, row1], outputs["prediction"]);
    }

    [Fact]
    public async Task Infer_Cascade_AsksOnlyForOpenRows()
    {
        _members["cheap"] = (request, _) =>
            Task.FromResult<Tensor>(Numbers("probability", [.. request.Inputs[0].AsDoubles().ToArray()]));
        _members["dear"] = (request, _) =>
            Task.FromResult<Tensor>(
                Numbers("probability", [.. request.Inputs[0].AsDoubles().ToArray().Select(v => 1 - v)])
            );
        var outputs = await InferAsync(
            new(EnsembleMethod.Cascade, [new("cheap", 1), new("dear", 1)], Threshold: 0.8),
            [0.9, 0.4, 0.1, 0.7]
        );
        AssertEqual([0.1, 0.9, 0.4, 0.6, 0.9, 0.1, 0.7, 0.3], outputs["probabilities"]);
        AssertEqual([0, 1, 0, 1], outputs["member"]);
        Assert.Equal([0.4, 0.7], _calls[^1].Rows);
    }

    [Fact]
    public async Task Infer_MemberFails_FailsOrIsLeftOut()
    {
        Answer("a", Numbers("prediction", 1));
        _members["b"] = (_, _) => throw new InferenceFailedException(502, "It is broken.");
        var failing = new EnsembleDefinition(EnsembleMethod.Average, [new("a", 1), new("b", 1)]);
        Assert.Equal(
            "It is broken.",
            (await Assert.ThrowsAsync<InferenceFailedException>(() => InferAsync(failing, 1))).Message
        );

        AssertEqual([1], (await InferAsync(failing with { OnFailure = MemberFailure.LeaveOut }, 1))["prediction"]);
    }

    [Fact]
    public async Task Infer_CascadeMemberFails_NextDecides()
    {
        _members["a"] = (_, _) => throw new InferenceFailedException(503, "It is away.");
        Answer("b", Numbers("probability", 0.6));
        var definition = new EnsembleDefinition(
            EnsembleMethod.Cascade,
            [new("a", 1), new("b", 1)],
            MemberFailure.LeaveOut,
            Threshold: 0.8
        );
        AssertEqual([1], (await InferAsync(definition, 1))["member"]);
    }

    [Fact]
    public async Task Infer_RequestIsWrong_IsNeverLeftOut()
    {
        Answer("a", Numbers("prediction", 1));
        _members["b"] = (_, _) => throw new InferenceFailedException(400, "shape must be [rows,2].");
        var failure = await Assert.ThrowsAsync<InferenceFailedException>(() =>
            InferAsync(
                new(EnsembleMethod.Average, [new("a", 1), new("b", 1)], MemberFailure.LeaveOut),
                1
            )
        );
        Assert.Equal(400, failure.Status);
    }

    [Fact]
    public async Task Infer_AllFail_SaysWhy()
    {
        _members["a"] = (_, _) => throw new InferenceFailedException(502, "It is broken.");
        await Assert.ThrowsAsync<InferenceFailedException>(() =>
            InferAsync(
                new(EnsembleMethod.Average, [new("a", 1), new("a", 1)], MemberFailure.LeaveOut),
                1
            )
        );
    }

    [Fact]
    public async Task Infer_Members_RunInParallel()
    {
        // Each answers only after the other has begun.
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        _members["a"] = async (_, _) =>
        {
            first.SetResult();
            await second.Task;
            return Numbers("prediction", 1);
        };
        _members["b"] = async (_, _) =>
        {
            second.SetResult();
            await first.Task;
            return Numbers("prediction", 3);
        };
        AssertEqual([2], (await InferAsync(new(EnsembleMethod.Average, [new("a", 1), new("b", 1)]), 1))["prediction"]);
    }

    [Fact]
    public async Task Infer_MemberFailsFirst_CancelsOthers()
    {
        _members["a"] = async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return Numbers("prediction", 1);
        };
        _members["b"] = (_, _) => throw new InferenceFailedException(502, "It is broken.");
        await Assert.ThrowsAsync<InferenceFailedException>(() =>
            InferAsync(new(EnsembleMethod.Average, [new("a", 1), new("b", 1)]), 1)
        );
    }

    private Task<Dictionary<string, Tensor>> InferAsync(EnsembleDefinition definition, int rows) =>
        InferAsync(definition, new double[rows]);

    private async Task<Dictionary<string, Tensor>> InferAsync(EnsembleDefinition definition, double[] rows)
    {
        using var runner = new EnsembleRunner(
            definition,
            async (model, _, request, stop) =>
            {
                lock (_calls)
                {
                    _calls.Add((model, request.Inputs[0].AsDoubles().ToArray()));
                }

                return [await _members[model](request, stop)];
            }
        );
        var input = new Tensor<double>("x", Datatype.Fp64, [rows.Length, 1], rows);
        var outputs = await runner.InferAsync(RunnerTest.Request(input), CancellationToken.None);
        return outputs.ToDictionary(o => o.Name);
    }

    private void Answer(string member, Tensor output) => _members[member] = (_, _) => Task.FromResult(output);

    private static Tensor<string> Texts(string name, params string[] values) =>
        new(name, Datatype.Bytes, [values.Length], values);

    private static Tensor<double> Numbers(string name, params double[] values) =>
        new(name, Datatype.Fp64, [values.Length], values);

    private static Tensor<double> Matrix(int columns, params double[] values) =>
        new("probabilities", Datatype.Fp64, [values.Length / columns, columns], values);

    private static void AssertEqual(double[] expected, Tensor actual) =>
        Assert.All(expected.Zip(actual.AsDoubles().ToArray()), p => Assert.Equal(p.First, p.Second, 1e-12));
}

using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners.Batching;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Runners;

public class BatchingRunnerTests
{
    [Fact]
    public async Task InferAsync_ConcurrentRequests_RunAsOneBatch()
    {
        var runner = new GatedRunner();
        using var batching = new BatchingRunner(runner, new() { MaxRows = 8 }, TimeProvider.System);
        var first = batching.InferAsync(Rows(1), CancellationToken.None).AsTask();
        await runner.Started.WaitAsync();
        var others = new[] { Rows(2, 3), Rows(4), Rows(5, 6, 7) }
            .Select(r => batching.InferAsync(r, CancellationToken.None).AsTask())
            .ToList();

        runner.Gate.Release(2);
        await AssertRowsAsync(first, 1);
        await AssertRowsAsync(others[0], 2, 3);
        await AssertRowsAsync(others[1], 4);
        await AssertRowsAsync(others[2], 5, 6, 7);
        Assert.Equal([1, 6], runner.Batches);
    }

    [Fact]
    public async Task InferAsync_DifferentShapes_RunApart()
    {
        var runner = new GatedRunner();
        using var batching = new BatchingRunner(runner, new() { MaxRows = 8 }, TimeProvider.System);
        var first = batching.InferAsync(Rows(1), CancellationToken.None).AsTask();
        await runner.Started.WaitAsync();
        var wide = batching
            .InferAsync(
                RunnerTest.Request(new Tensor<float>("x", Datatype.Fp32, [1, 2], [8, 9])),
                CancellationToken.None
            )
            .AsTask();
        var narrow = batching.InferAsync(Rows(2), CancellationToken.None).AsTask();

        runner.Gate.Release(3);
        await AssertRowsAsync(wide, 8, 9);
        await AssertRowsAsync(narrow, 2);
        await first;
    }

    [Fact]
    public async Task InferAsync_QueueFull_IsRefusedAtOnce()
    {
        var runner = new GatedRunner();
        using var batching = new BatchingRunner(runner, new() { MaxRows = 8, MaxQueued = 1 }, TimeProvider.System);
        var first = batching.InferAsync(Rows(1), CancellationToken.None).AsTask();
        await runner.Started.WaitAsync();
        var queued = batching.InferAsync(Rows(2), CancellationToken.None).AsTask();

        await Assert.ThrowsAsync<OverloadedException>(() =>
            batching.InferAsync(Rows(3), CancellationToken.None).AsTask()
        );
        runner.Gate.Release(2);
        await Task.WhenAll(first, queued);
    }

    private static InferRequest Rows(params float[] values) =>
        RunnerTest.Request(new Tensor<float>("x", Datatype.Fp32, [values.Length, 1], values));

    private static async Task AssertRowsAsync(Task<IReadOnlyList<Tensor>> outputs, params float[] expected)
    {
        var rows = ((Tensor<float>)(await outputs)[0]).Data.ToArray();
        Assert.Equal(expected, rows);
    }
}

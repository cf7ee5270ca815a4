using System.Collections.Concurrent;
using System.Globalization;

namespace CogniForge.ServingDemo;

/// <summary>The model of the demo, with what every step does with it.</summary>
internal sealed class DemoModel(ServingClient serving, Samples samples, TimeProvider time)
{
    private const int Concurrency = 4;

    private int _requests;

    /// <summary>How long the demo waits for something to happen.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>A new name for each run.</summary>
    public string Name { get; } =
        string.Create(CultureInfo.InvariantCulture, $"cancer-{time.GetUtcNow():yyyyMMdd-HHmmss}");

    public DateTimeOffset Registered { get; } = time.GetUtcNow();

    public Samples Samples => samples;

    /// <summary>The path of the model in the registry.</summary>
    public string Path => $"/api/v1/serving/models/{Name}";

    /// <summary>The path of the best version, for inferences.</summary>
    public string Champion => $"{Name}/versions/champion";

    /// <summary>The diagnoses of the classified rows, by the id of the request.</summary>
    public ConcurrentQueue<(string Id, bool IsBenign)> Truth { get; } = [];

    public async Task<int> AddVersionAsync(object version) =>
        (await serving.PostAsync($"{Path}/versions", version)).GetProperty("version").GetInt32();

    /// <summary>Lets a version serve, and waits until it is loaded.</summary>
    public async Task ServeAsync(int version)
    {
        foreach (var state in new[] { "ready", "serving" })
        {
            await serving.PutAsync($"{Path}/versions/{version}/state", new { state });
        }

        await WaitAsync(
            () => serving.IsSuccessAsync($"/v2/models/{Name}/versions/{version}/ready"),
            isReady => isReady
        );
    }

    /// <summary>Classifies all held-out rows, several times.</summary>
    public Task ClassifyAsync(string model, int passes) =>
        SendAsync(
            passes * samples.HeldOut.Count,
            (i, id) => InferAsync(model, id, samples.HeldOut[i % samples.HeldOut.Count])
        );

    /// <summary>Classifies a row; whether as diagnosed.</summary>
    public async Task<bool> InferAsync(string model, string id, Sample row, string? unit = null)
    {
        var probability = (await serving.InferAsync(model, id, [row.Features], unit))[0];
        Truth.Enqueue((id, row.Label));
        return probability >= 0.5 == row.Label;
    }

    /// <summary>Sends a number of requests, each with an id of its own, a few at a time.</summary>
    public Task SendAsync(int count, Func<int, string, Task> send) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
            async (i, _) => await send(i, $"{Name}-{Interlocked.Increment(ref _requests)}")
        );

    /// <summary>Repeats a question until the answer is as expected.</summary>
    /// <exception cref="DemoException">It takes too long.</exception>
    public static async Task<T> WaitAsync<T>(Func<Task<T>> get, Func<T, bool> isReady)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var value = await get();
            if (isReady(value))
            {
                return value;
            }

            if (timeout.IsCancellationRequested)
            {
                throw new DemoException($"serving was not ready after {Patience}: {value}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }
}

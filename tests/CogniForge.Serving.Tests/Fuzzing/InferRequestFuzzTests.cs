using System.Text.Json;
using CogniForge.Serving.Protocol;
using CogniForge.Tests.Fuzzing;

namespace CogniForge.Serving.Tests.Fuzzing;

/// <summary>A request is rejected with an error, or its tensors read the same after they are written.</summary>
public class InferRequestFuzzTests
{
    private const int MaxElements = 10_000;

    private static readonly string[] _requests =
    [
        """
        {"id":"r1","parameters":{"p":1},"inputs":[{"name":"x","shape":[2,3],"datatype":"FP64",
         "data":[[1.5,-2,3e10],[0,0.1,1e-300]],"parameters":null}],"outputs":[{"name":"y","parameters":{}}]}
        """,
        """
        {"inputs":[{"data":[true,false],"shape":[2],"name":"b","datatype":"BOOL"},
         {"name":"s","shape":[1],"datatype":"BYTES","data":["Grüße \ud83e\udd8a"]},
         {"name":"i","shape":[1,1,2],"datatype":"INT64","data":[[[-9223372036854775808,9223372036854775807]]]},
         {"name":"u","shape":[1],"datatype":"UINT8","data":[255]},
         {"name":"h","shape":[2],"datatype":"FP16","data":[65504,-0.5]},
         {"name":"f","shape":[],"datatype":"FP32","data":[3.4e38]}]}
        """,
    ];

    [Fact]
    public void InferRequest_Mutated_RoundTripsOrIsRejected() =>
        Fuzzer.Run(
            _requests,
            json =>
            {
                if (!InferRequest.TryParse(json, MaxElements, out var request, out var error))
                {
                    Assert.NotEmpty(error.Value.Rule);
                    return false;
                }

                Assert.InRange(request.Inputs.Sum(i => i.Count), 1, MaxElements);
                Assert.True(InferRequest.TryParse(Write(request), MaxElements, out var again, out _));
                Assert.Equal(Write(request), Write(again));
                return true;
            }
        );

    private static byte[] Write(InferRequest request)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("inputs");
            foreach (var input in request.Inputs)
            {
                // Without a pause for the client, it writes all parts at once.
                Assert.True(input.WriteToAsync(json, () => ValueTask.CompletedTask).AsTask().IsCompletedSuccessfully);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}

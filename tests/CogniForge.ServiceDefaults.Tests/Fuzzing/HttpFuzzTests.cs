using System.Text;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Http;
using CogniForge.Tests.Fuzzing;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Fuzzing;

/// <summary>Cursors and keys come from any client, before anything else is known of it.</summary>
public class HttpFuzzTests
{
    [Fact]
    public void Cursor_Mutated_RoundTripsOrIsRejected() =>
        Fuzzer.Run(
            ["AZTVAAAAAAAAAAAAAAAAAA", "________-_________-__w", ""],
            text =>
            {
                if (!Cursor.TryParse(Encoding.UTF8.GetString(text), out var cursor))
                {
                    return false;
                }

                Assert.True(Cursor.TryParse(cursor.ToString(), out var again));
                Assert.Equal(cursor, again);
                return true;
            }
        );

    [Fact]
    public void Authorization_Mutated_HasKeyOrNone() =>
        Fuzzer.Run(
            ["Bearer cf_key", "Basic Y2Zfa2V5Og==", "Basic w4M6", "bearer  x"],
            text =>
            {
                var context = new DefaultHttpContext();
                context.Request.Headers.Authorization = Encoding.Latin1.GetString(text);
                var key = ApiKeyReader.Read(context.Request);
                Assert.True(key is null || (key.Length > 0 && ApiKey.Hash(key).Length == 32));
                return key is not null;
            }
        );
}

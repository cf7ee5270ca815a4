using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace CogniForge.Bench.Suites.Serving.Trees;

/// <summary>A model in LightGBM's native library, by its C API, on one thread.</summary>
internal sealed partial class LightGbmModel : IDisposable
{
    private const string Library = "lib_lightgbm";
    private const int Float32 = 0;
    private const int RawScore = 1;
    private readonly nint _booster;

    /// <summary>Loads a model.</summary>
    /// <exception cref="BenchException">The library rejects it.</exception>
    public LightGbmModel(string model) => Check(Load(model, out _, out _booster));

    /// <summary>Predicts whole rows.</summary>
    public void Predict(ReadOnlySpan<float> rows, Span<double> predictions) =>
        Check(
            Predict(
                _booster,
                rows,
                Float32,
                predictions.Length,
                rows.Length / predictions.Length,
                1,
                RawScore,
                0,
                -1,
                "num_threads=1",
                out _,
                predictions
            )
        );

    public void Dispose() => Check(Free(_booster));

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new BenchException($"LightGBM: {GetLastError()}");
        }
    }

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterLoadModelFromString")]
    private static partial int Load(
        [MarshalUsing(typeof(Utf8StringMarshaller))] string model,
        out int iterations,
        out nint booster
    );

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat")]
    private static partial int Predict(
        nint booster,
        ReadOnlySpan<float> data,
        int dataType,
        int rows,
        int columns,
        int isRowMajor,
        int predictType,
        int startIteration,
        int iterations,
        [MarshalUsing(typeof(Utf8StringMarshaller))] string parameters,
        out long length,
        Span<double> predictions
    );

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    private static partial int Free(nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    [return: MarshalUsing(typeof(ErrorMarshaller))]
    private static partial string GetLastError();

    // The library keeps the text.
    [CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(ErrorMarshaller))]
    private static class ErrorMarshaller
    {
        public static string ConvertToManaged(nint text) => Marshal.PtrToStringUTF8(text) ?? "";
    }
}

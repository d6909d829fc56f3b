"""What tests/interop/interop.bats does in Python: steps_interop.py STEP [ARGUMENT]..."""
import sys


def vtk():
    import numpy as np
    # (the whole of "vtk" would replace the reader by its MPI version)
    from vtkmodules.vtkIOImage import vtkNrrdReader
    from vtkmodules.util.numpy_support import vtk_to_numpy
    for name, shape, spacing in (("gray", (2, 3, 10), (0.26, 0.26, 0.29)), ("bare", (2, 3, 10), (1, 1, 1))):
        r = vtkNrrdReader()
        assert r.CanReadFile(name + ".nrrd")
        r.SetFileName(name + ".nrrd")
        r.Update()
        image = r.GetOutput()
        assert image.GetDimensions() == shape[::-1], image.GetDimensions()
        assert np.allclose(image.GetSpacing(), spacing), image.GetSpacing()
        v = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(shape)
        assert v.dtype == np.float32 and (v.ravel() == np.arange(60)).all()
    r = vtkNrrdReader()
    r.SetFileName("color.nrrd")
    r.Update()
    image = r.GetOutput()
    assert image.GetDimensions() == (10, 3, 2) and image.GetNumberOfScalarComponents() == 3
    assert np.allclose(image.GetSpacing(), (0.26, 0.26, 0.29)), image.GetSpacing()
    v = vtk_to_numpy(image.GetPointData().GetScalars())
    assert (v.ravel() == np.arange(180)).all()


def pynrrd():
    import nrrd, numpy as np
    v, h = nrrd.read("gray.nrrd", index_order="C")
    assert v.shape == (2, 3, 10) and (v.ravel() == np.arange(60)).all() and h["note"] == "so it is"
    v, h = nrrd.read("color.nrrd", index_order="C")
    assert v.shape == (2, 3, 10, 3) and (v.ravel() == np.arange(180)).all()


def simpleitk():
    import SimpleITK as sitk, numpy as np
    image = sitk.ReadImage("gray.nrrd")
    assert image.GetSize() == (10, 3, 2) and np.allclose(image.GetSpacing(), (0.26, 0.26, 0.29))
    assert (sitk.GetArrayFromImage(image).ravel() == np.arange(60)).all()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
